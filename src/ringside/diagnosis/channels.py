"""Channels: the reactions of a network that a card means, switched off to see what comes back."""

from __future__ import annotations

from ringside.diagnosis.nouns import Channel
from ringside.network.nouns import Network, Reaction
from ringside.network.route import Route


def events_of(channel: Channel, network: Network, way: Route) -> frozenset[str]:
    """Return the ids of the reactions of a channel, both directions of each.

    Only reactions that take material off the way to the target count: a rule that the target needs itself stays as it is where it leads to
    the target. So "alkylation" as a channel is every alkylation but those on the way.

    Args:
        channel: Which rules, and what they close or make.
        network: Species and reactions.
        way: The way to the target in this network.
    """
    chosen = {r.id for r in network.reactions if r.reverse_of is None and r.id in way.off and _is(r, channel, way)}
    backs = {r.id for r in network.reactions if r.reverse_of in chosen}
    return frozenset(chosen | backs)


def _is(reaction: Reaction, channel: Channel, way: Route) -> bool:
    return (
        reaction.rule in channel.rules
        and channel.target in ("", "open" if way.ring is None else "ring")
        and (not channel.closes or _closes(reaction, way) in channel.closes)
        and (not channel.makes or _makes(reaction, way) in channel.makes)
    )


def _closes(reaction: Reaction, way: Route) -> str:
    """Return what a reaction closes, beside the ring that the target needs."""
    if reaction.ring is None:
        return "no-ring"
    if way.ring is None:
        return "ring"
    return "same-ring" if reaction.ring == way.ring else "smaller-ring" if reaction.ring < way.ring else "larger-ring"


def _makes(reaction: Reaction, way: Route) -> str:
    """Return the content of what a reaction takes off the way."""
    found = {way.content(p) for p in reaction.products if p not in way.species}
    return next((kind for kind in ("larger", "isomer", "part") if kind in found), "none")
