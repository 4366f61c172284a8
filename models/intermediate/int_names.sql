-- By what names a drug of the list is found: its own, and all others that mean
-- the same. Two names are of one drug when pairs of raw/drug_synonyms*.csv and
-- seeds/drug_synonyms.csv connect them, whichever stands first in a pair: so
-- whichever of them the list has is found by the others. A name of a salt, such
-- as `diltiazem hydrochloride`, is found by what is left without it, unless
-- that is only the other ion, or another drug of the list.
{%- set salts = [
    'hydrochloride', 'dihydrochloride', 'hydrobromide', 'sulfate', 'sulphate',
    'mesylate', 'mesilate', 'besylate', 'besilate', 'tosylate', 'maleate',
    'tartrate', 'bitartrate', 'fumarate', 'sodium', 'disodium', 'potassium',
    'calcium', 'bromide', 'chloride', 'monohydrate', 'dihydrate',
] %}
{%- set ions = [
    'sodium', 'potassium', 'calcium', 'magnesium', 'ammonium', 'zinc', 'iron',
    'ferrous', 'ferric', 'lithium', 'barium', 'silver', 'aluminium',
    'aluminum', 'copper', 'cupric', 'cobalt', 'manganese', 'strontium',
    'mercuric', 'mercury', 'hydrogen', 'methyl', 'ethyl', 'vinyl', 'methylene',
    'polyvinyl', 'stannous', 'thallium', 'rubidium', 'caesium', 'cesium',
    'nickel', 'platinum', 'gold', 'lead', 'tin', 'benzyl', 'disodium',
    'dipotassium', 'cadmium', 'chromium', 'beryllium', 'bismuth', 'uranyl',
] %}
{%- set salt = ' (?:' ~ salts | join('|') ~ ')$' %}

with drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs_deduplicated') }}
    group by name_key, folded_name

),

pairs as (

    select
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from {{ ref('stg_drug_synonyms') }}
    where is_usable and {{ var('match_synonyms') }}

    union all

    select
        drug as drug_name,
        synonym as other_name,
        {{ fold_text('drug') }} as folded_name,
        {{ fold_text('synonym') }} as folded_other_name
    from {{ maintained_list('drug_synonyms', ['drug', 'synonym']) }}
    where {{ var('match_synonyms') }}

),

links as (

    select
        {{ one_spelling('folded_name') }} as from_name,
        {{ one_spelling('folded_other_name') }} as to_name,
        other_name as spelling
    from pairs

    union all

    select
        {{ one_spelling('folded_other_name') }} as from_name,
        {{ one_spelling('folded_name') }} as to_name,
        drug_name as spelling
    from pairs

),

without_salts as (

    select
        name_key,
        regexp_replace(folded_name, '{{ salt }}', '') as folded_name
    from drugs
    where
        {{ matches_pattern('folded_name', salt) }}
        and {{ var('match_synonyms') }}

),

starts as (

    select
        name_key,
        {{ one_spelling('folded_name') }} as folded_name,
        drug_name as spelling
    from drugs
    where {{ var('match_synonyms') }}

    union all

    select
        without_salts.name_key,
        {{ one_spelling('without_salts.folded_name') }} as folded_name,
        upper(without_salts.folded_name) as spelling
    from without_salts
    left join drugs on without_salts.folded_name = drugs.folded_name
    where
        drugs.folded_name is null
        and without_salts.folded_name not in (
            {{ "'" ~ ions | join("',\n            '") ~ "'" }}
        )

),

reached as (

    {{ names_reached('starts', 'links') }}

),

all_names as (

    select
        name_key,
        drug_name as spelling,
        folded_name
    from drugs

    union all

    {{ explode_list(
        'reached', ['name_key', 'spelling'],
        spelling_variants('reached.folded_name'), 'folded_name'
    ) }}

),

-- A name in the drug list may be that of a whole class of things.
generic_names as (

    select phrase as folded_name
    from {{ maintained_list('names_not_meant', ['kind', 'phrase']) }}
    where kind = 'generic' and {{ var('skip_generic_names') }}

),

kept as (

    select
        {{ surrogate_key(['all_names.folded_name']) }} as spelling_key,
        all_names.name_key,
        all_names.folded_name,
        min(all_names.spelling) as spelling
    from all_names
    left join generic_names
        on all_names.folded_name = generic_names.folded_name
    where generic_names.folded_name is null
    group by all_names.name_key, all_names.folded_name

)

select * from kept
