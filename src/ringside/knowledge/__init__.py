"""The data files, and the loader that fills the nouns of the layers below."""
