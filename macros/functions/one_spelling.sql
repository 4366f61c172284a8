-- A name in the spelling by which names are compared: `sulfate` for `sulphate`.
-- Pairs are spelt `sulph>sulf`, see seeds/spelling_pairs.csv.
create or replace macro one_spelling(name, pairs) as list_reduce(
    pairs,
    lambda spelt, pair: replace(
        spelt, split_part(pair, '>', 1), split_part(pair, '>', 2)
    ),
    name
);
