"""The law: one module per article, the tables beside them in ``data``."""
