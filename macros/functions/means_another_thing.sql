-- Whether what stands before a name in a title and behind it says that another
-- thing is meant.

-- As the patterns expect it: lower case, plain hyphens, Greek letters spelt out.
create or replace macro context_text(text) as case
    when is_ascii(text) then lower(text)
    else spell_out(with_plain_letters(lower(
        translate(text, '‐‑‒–—−', '------')
    )))
end;


-- A syllable that is joined to the name makes another substance of it:
-- `nor-epinephrine`, `2-mercapto-ethanol`, `anti-heparin`. `Low-dose-heparin`,
-- `post-insulin` and `co-metformin` are still the drug.
create or replace macro prefix_means_another(before) as regexp_matches(
    before,
    '(?:^|[^a-z])(?:'
    || 'anti|counter'
    || '|nor|pseudo|homo|iso|epi|allo|neo|apo|des|de|desoxy|deoxy|dideoxy'
    || '|oxy|hydroxy|dihydroxy|keto|oxo|epoxy|methoxy|ethoxy|alkoxy'
    || '|hydro|dihydro|tetrahydro|hexahydro|dehydro|desmethyl|demethyl'
    || '|methyl|dimethyl|trimethyl|ethyl|diethyl|propyl|isopropyl|butyl'
    || '|vinyl|allyl|phenyl|diphenyl|benzyl|benzoyl|acetyl|diacetyl|acyl'
    || '|formyl|succinyl|carbamoyl|carboxy|carboxymethyl|hydroxyethyl'
    || '|amino|diamino|nitro|nitroso|azido|azo|cyano|imino'
    || '|mercapto|thio|dithio|sulfo|sulpho|sulfonyl|seleno|phospho'
    || '|pyrophospho|glyco|glucuro|glucosyl|galactosyl|ribosyl'
    || '|adenosyl|methylenedioxy'
    || '|fluoro|difluoro|trifluoro|fluor|chloro|dichloro|trichloro|chlor'
    || '|bromo|brom|iodo|diiodo|iod|per|poly|oligo|cyclo|bis|tris'
    || '|peg|pro|pre|prepro|seco|spiro|thia|aza|oxa'
    || ')-(?:[dlrsn]-|dl-)?$'
    -- So do radicals in front of it: `benzyl alcohol`, `methyl salicylate`.
    || '|(?:^|[^a-z])(?:methyl|dimethyl|trimethyl|ethyl|diethyl|propyl'
    || '|isopropyl|butyl|isobutyl|amyl|hexyl|octyl|vinyl|polyvinyl|allyl'
    || '|phenyl|benzyl|benzoyl|acetyl|cetyl|stearyl|lauryl|furfuryl'
    || '|hydroxy|dihydroxy|trihydroxy|desmethyl|demethyl|adenosyl) $'
    || '|[(]oh[)][0-9]?[ -]$'
    -- Another isomer.
    || '|[0-9]-cis[ -]$'
    || '|(?:^|[^a-z])(?:amino acid|residue) ?[0-9]+ ?$'
);


-- The name of a receptor, an enzyme, a gene and the like, with words that tell
-- it from others between: `angiotensin II type 1 receptor`, `GABA(A) receptor`,
-- `glutathione S-transferase`. No punctuation but brackets, hyphens and slashes
-- may stand between.
create or replace macro rest_means_another(behind) as regexp_matches(
    behind,
    '^(?:[ /()-]{1,3}(?:'
    || 'type|subtype|class|isoform|family'
    || '|alpha|beta|gamma|delta|epsilon|kappa|mu|sigma|zeta'
    || '|i{1,3}|iv|v|[a-z]{0,3}[0-9]{1,3}[a-z]{0,2}|[a-z]|[(][^()]{1,12}[)]'
    || '|like|related|sensitive|gated|activated|sensing|stimulated|specific'
    || '|selective|responsive|regulated|inducible|induced|dependent|coupled'
    || '|vesicular|nuclear|membrane|plasma|cell surface'
    || '|muscarinic|nicotinic|metabotropic|ionotropic'
    || '|(?:mono|di|tri)phosphate|superoxide|sul(?:f|ph)oxide'
    || '|plasminogen activator|norepinephrine|noradrenaline|serotonin|dopamine'
    || '|glutamate|glucose|iodide|chloride|calcium|zinc'
    || ')){0,4}[ /()-]{1,3}(?:'
    || '(?:auto|hetero|adreno|chemo)?(?:re)?ceptors?'
    || '|[a-z]*(?:synthase|synthetase|hydrogenase|oxidase|oxygenase|reductase'
    || '|hydroxylase|transferase|transaminase|aminase|kinase|esterase'
    || '|hydrolase|carboxylase|peroxidase|phosphatase|phosphorylase|cyclase'
    || '|isomerase|lyase|ligase|mutase|epimerase|methylase|saturase|hydratase'
    || '|dismutase|thiolase|racemase|atpase|permease|aldolase|sulfatase'
    || '|sulphatase|sidase|peptidase|proteinase|amidase|nuclease|catabolase'
    || ')s?'
    || '|(?:co|sym|anti)?-?transporters?|symporters?|antiporters?|exchangers?'
    || '|channels?|gap junctions?'
    || '|(?:pre)?cursor protein|(?:trans)?membrane protein'
    || '|(?:transfer|transport|transporter|carrier|receptor|binding|storage'
    || '|regulatory|stimulatory|inhibitory|responsive|inducible|related|like'
    || '|response|stimulated|regulated) '
    || '(?:genes?|proteins?|globulins?|elements?|factors?|sites?|domains?'
    || '|cassettes?|peptides?|polypeptides?|hormones?|immunoreactivity)'
    || '|growth factors?|releasing (?:hormone|factor|peptide)s?'
    || '|converting enzymes?'
    || '|(?:re-?)?uptake (?:inhibitor|transporter|site|blocker)s?'
    || '|antagonists?|antagonism|blockers?|inhibitors?|secretagogues?'
    || '|cofactors?|chelat(?:ors?|ion|ing)'
    || '|genes?|promoters?|polymorphisms?|mrnas?|cdnas?|locus|alleles?'
    || '|pathways?|cascade|deficiency|deficiencies|deficient|insufficiency'
    || '|producing|secreting'
    || '|(?:angiotensin |aldosterone |kinin )*systems?|axis'
    || ')(?:$|[^a-z])'
    || '|^-(?:binding|sparing)(?:$|[^a-z])'
    -- What the body makes of it.
    || '|^[ -](?:[0-9]{1,2}[ -])?(?:[a-z][ -])?glucuronides?(?:$|[^a-z])'
    -- One amino acid in the place of another.
    || '|^[ -](?:[0-9]+|to|for|by)[ -]'
    || '(?:alanine|arginine|asparagine|aspart[a-z]+|cyst[a-z]+|glutam[a-z]+'
    || '|glycine|histidine|isoleucine|leucine|lysine|methionine|phenylalanine'
    || '|proline|serine|threonine|tryptophan|tyrosine|valine)(?:$|[^a-z])'
    -- Elements: a compound in which nothing of them is left.
    || '|^ (?:mono|di|tri|tetra|penta|hexa)?(?:oxide|sulfide|sulphide|fluoride'
    || '|mustard|nanotube)s?(?:$|[^a-z])'
);


create or replace macro means_another_thing(before, behind) as
    prefix_means_another(context_text(before))
    or rest_means_another(context_text(behind));


-- Whether an abbreviation is explained by other words than the drug's name:
-- `gestational trophoblastic neoplasia (GTN)`.
create or replace macro stands_for_words(before, abbreviation) as
    suffix(before, '(')
    and regexp_full_match(abbreviation, '[A-Z]{2,6}')
    and lower(abbreviation) = list_aggregate(
        list_transform(
            regexp_extract_all(before, '[A-Za-z]+')[-length(abbreviation):],
            lambda word: lower(word[1])
        ),
        'string_agg',
        ''
    );


-- Whether some words stand before a name and others behind it.
create or replace macro stands_between(
    before, behind, words_before, words_behind
) as
    (
        words_before is null
        or ends_with(
            regexp_replace(' ' || context_text(before), '[^a-z0-9]+', ' ', 'g'),
            ' ' || words_before || ' '
        )
    )
    and (
        words_behind is null
        or starts_with(
            regexp_replace(context_text(behind) || ' ', '[^a-z0-9]+', ' ', 'g'),
            ' ' || words_behind || ' '
        )
    );
