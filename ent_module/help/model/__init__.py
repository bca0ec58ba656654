"""Pure rules of the channel: return codes, what a form may say, how a conversation moves, clocks and their words."""
