-- Whether the text beside a name says that another thing is meant. Both
-- functions take a result of `context_text`: of the text up to the name, and of
-- the text from its end on.

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
    || '|fluoro|difluoro|trifluoro|fluor|chloro|dichloro|trichloro|chlor'
    || '|bromo|brom|iodo|diiodo|iod|per|poly|oligo|cyclo|bis|tris'
    || '|peg|pro|pre|prepro|seco|spiro|thia|aza|oxa'
    || ')-(?:[dlrsn]-|dl-)?$'
    -- So do radicals in front of it: `benzyl alcohol`, `methyl salicylate`.
    || '|(?:^|[^a-z])(?:methyl|dimethyl|trimethyl|ethyl|diethyl|propyl'
    || '|isopropyl|butyl|isobutyl|amyl|hexyl|octyl|vinyl|polyvinyl|allyl'
    || '|phenyl|benzyl|benzoyl|acetyl|cetyl|stearyl|lauryl|furfuryl) $'
    -- Another isomer.
    || '|[0-9]-cis-$'
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
    || '|i{1,3}|iv|v|[a-z]?[0-9]{1,3}[a-z]{0,2}|[a-z]'
    || '|like|related|sensitive|gated|activated|sensing|stimulated|specific'
    || '|selective|responsive|regulated|inducible|induced|dependent|coupled'
    || '|vesicular|nuclear|membrane|plasma|cell surface'
    || '|muscarinic|nicotinic|metabotropic|ionotropic'
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
    || '|antagonists?|antagonism|blockers?|inhibitors?'
    || '|genes?|promoters?|polymorphisms?|mrnas?|cdnas?|locus|alleles?'
    || '|pathways?|cascade|deficiency|deficiencies|deficient|insufficiency'
    || '|producing|secreting'
    || '|(?:angiotensin |aldosterone |kinin )*systems?|axis'
    || ')(?:$|[^a-z])'
    -- One amino acid in the place of another.
    || '|^[ -](?:[0-9]+|to|for|by)[ -]'
    || '(?:alanine|arginine|asparagine|aspart[a-z]+|cyst[a-z]+|glutam[a-z]+'
    || '|glycine|histidine|isoleucine|leucine|lysine|methionine|phenylalanine'
    || '|proline|serine|threonine|tryptophan|tyrosine|valine)(?:$|[^a-z])'
    -- Elements: a compound in which nothing of them is left.
    || '|^ (?:mono|di|tri|tetra|penta|hexa)?(?:oxide|sulfide|sulphide|fluoride'
    || '|mustard|nanotube)s?(?:$|[^a-z])'
);
