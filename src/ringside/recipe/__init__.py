"""What is charged, when and how hot."""
