"""The program: what an institution does, in rooms cut by subject."""
