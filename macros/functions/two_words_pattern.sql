-- The first part of a folded name that people write apart, and the rest. `nor` is
-- none: "neither dopamine nor adrenaline".
create or replace macro two_words_pattern() as
    '\b(methyl|ethyl|hydroxy|hydro|dihydro|pseudo|chloro|fluoro|acetyl|phenyl'
    || '|methoxy|cyclo|ciclo|deoxy|levo|dextro)([a-z]{5,})';
