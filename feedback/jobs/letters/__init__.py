"""The letters of notices: what each says, to whom, in the language of its reader."""
