"""How the stages run: one machine now, other engines beside it later."""
