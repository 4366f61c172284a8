-- A name in the spelling by which names are compared: `sulfate` for `sulphate`,
-- `interferon alfa` for `interferon alpha`. The pairs are those of
-- seeds/spelling_pairs.csv. They are written out here, because a loop over the
-- list for every name costs a hundred times more; a test compares both.
create or replace macro spelt_alike(name) as
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(name
    , 'sulph', 'sulf')
    , 'oestr', 'estr')
    , 'alpha', 'alfa')
    , 'amphet', 'amfet')
    , 'aluminium', 'aluminum')
    , 'haem', 'hem')
    , 'anaesth', 'anesth')
    , 'caesium', 'cesium')
    , 'ceph', 'cef')
    , 'cyclo', 'ciclo')
    , 'chole', 'cole')
    , 'gonadotrophin', 'gonadotropin')
    , 'corticotrophin', 'corticotropin')
    , 'thyrotrophin', 'thyrotropin')
    , 'barbitone', 'barbital')
    , 'mesylate', 'mesilate')
    , 'besylate', 'besilate')
    , 'tosylate', 'tosilate');
