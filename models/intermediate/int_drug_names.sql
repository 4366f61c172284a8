-- By what names a drug of the list is found: its own, what may stand for it
-- without a qualifier or a salt, and all others that mean the same. Two names
-- are of one drug when pairs of the synonym lists connect them, whichever
-- stands first in a pair: so whichever of them the list has is found by the
-- others.
with recursive drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs') }}
    group by name_key, folded_name

),

spelling_pairs as (

    select
        one_spelling,
        other_spelling
    from {{ source('seeds', 'spelling_pairs') }}

),

-- A substance by two names of the list gives no others: the list has its
-- reasons to keep them apart.
vocabulary_names as (

    select names.*
    from {{ ref('int_vocabulary_names') }} as names
    left join drugs on names.folded_name = drugs.folded_name
    where not names.is_ambiguous or {{ var('match_ambiguous_synonyms') }}
    qualify
        count(distinct drugs.folded_name) over (
            partition by names.vocabulary, names.concept_id
        ) < 2

),

-- A substance that the list calls otherwise has the same ATC code. Where
-- several names of the list stand on it, it is that of a class or a combination.
codes as (

    select
        atc_code,
        any_value(drug_name) as drug_name,
        any_value(folded_name) as folded_name
    from {{ ref('int_drugs') }}
    where length(atc_code) = 7
    group by atc_code
    having count(*) = 1

),

vocabulary_synonyms as (

    select
        names.drug_name,
        other_names.drug_name as other_name,
        names.folded_name,
        other_names.folded_name as folded_other_name
    from vocabulary_names as names
    inner join vocabulary_names as other_names
        on
            names.vocabulary = other_names.vocabulary
            and names.concept_id = other_names.concept_id
            and names.folded_name <> other_names.folded_name
    where names.is_drug

    union all

    select
        codes.drug_name,
        names.drug_name as other_name,
        codes.folded_name,
        names.folded_name as folded_other_name
    from codes
    inner join vocabulary_names as names
        on
            codes.atc_code = names.atc_code
            and codes.folded_name <> names.folded_name
    where names.vocabulary = 'who_atc'

),

synonyms as (

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
        fold_text(drug) as folded_name,
        fold_text(synonym) as folded_other_name
    from {{ source('seeds', 'drug_synonyms') }}
    where
        {{ var('match_synonyms') }}
        and (ambiguous is null or {{ var('match_ambiguous_synonyms') }})

    union all

    select
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from vocabulary_synonyms
    where {{ var('match_synonyms') }}

),

links as materialized (

    select
        spelt_alike(folded_name) as from_name,
        spelt_alike(folded_other_name) as to_name,
        other_name as spelling
    from synonyms

    union all

    select
        spelt_alike(folded_other_name) as from_name,
        spelt_alike(folded_name) as to_name,
        drug_name as spelling
    from synonyms

),

-- Names of the list that may be cut short or turned round.
taken_apart as materialized (

    select
        name_key,
        folded_name,
        drug_name,
        regexp_extract(
            drug_name, '(?i)^(.+?)(?:, *(?:incl|excl)?\.? *combinations?\b.*)$', 1
        ) as before_combinations,
        regexp_extract(drug_name, '^([^(]+[^( ]) *\(([^()]*)\)$', 1)
            as before_bracket,
        lower(regexp_extract(drug_name, '^([^(]+[^( ]) *\(([^()]*)\)$', 2))
            as in_bracket,
        regexp_extract(drug_name, '^([^,]+), *([^,]+)$', 1) as before_comma,
        lower(regexp_extract(drug_name, '^([^,]+), *([^,]+)$', 2))
            as behind_comma,
        regexp_extract(
            folded_name,
            '^(.+?) (?:oral )?(?:live attenuated|inactivated|purified '
            || '(?:poly)?saccharides? antigen|purified antigen|rna based vaccine'
            || '|virus like particles|protein subunit)',
            1
        ) as disease,
        regexp_extract(
            folded_name, '^([^,]+?) (?:and|with|plus) ((?:[^ ]+ ?)+)$', 1
        ) as first_of_two,
        regexp_extract(
            folded_name, '^([^,]+?) (?:and|with|plus) ((?:[^ ]+ ?)+)$', 2
        ) as second_of_two
    from drugs
    where
        {{ var('match_synonyms') }}
        and regexp_matches(drug_name, '(?i)[(,]| and | with | plus ')

),

qualified as (

    select
        name_key,
        before_bracket as spelling,
        in_bracket as qualifier,
        true as is_in_bracket
    from taken_apart
    where before_bracket <> '' and before_combinations = ''

    union all

    select
        name_key,
        before_comma as spelling,
        behind_comma as qualifier,
        false as is_in_bracket
    from taken_apart
    where before_comma <> '' and before_combinations = ''

),

-- `methyldopa` is METHYLDOPA (LEVOROTATORY) and not METHYLDOPA (RACEMIC). A
-- qualifier in brackets that no list knows says nothing if no other name has the
-- same rest.
-- A substance that is labelled is another thing than the same without a label.
unqualified as (

    select
        qualified.name_key,
        qualified.spelling
    from qualified
    left join {{ source('seeds', 'name_qualifiers') }} as qualifiers
        on qualified.qualifier = qualifiers.qualifier
    qualify
        coalesce(
            qualifiers.stands_for_whole = 'yes',
            qualified.is_in_bracket
            and not regexp_matches(
                qualified.qualifier, '^[0-9]+m? ?[a-z]{1,2}$|types'
            )
            and count(*) over (partition by upper(qualified.spelling)) = 1
        )

),

vitamins as (

    select
        name_key,
        regexp_replace(in_bracket, '^vit(amin)? ', 'vitamin ') as folded_name,
        'vitamin ' || upper(regexp_replace(in_bracket, '^vit(amin)? ', ''))
            as spelling
    from taken_apart
    where regexp_matches(in_bracket, '^vit(amin)? [a-z][0-9]*$')

    union all

    select
        name_key,
        in_bracket as folded_name,
        in_bracket as spelling
    from taken_apart
    where regexp_matches(in_bracket, '^vit(amin)? [a-z][0-9]*$')

),

salts as (

    select salt from {{ source('seeds', 'salts') }}

),

-- `diltiazem` for DILTIAZEM HYDROCHLORIDE.
without_salts as (

    select
        drugs.name_key,
        left(
            drugs.folded_name,
            length(drugs.folded_name) - length(salts.salt) - 1
        ) as folded_name
    from drugs
    inner join salts on suffix(drugs.folded_name, ' ' || salts.salt)
    where {{ var('match_synonyms') }}

    union all

    -- `stibogluconate` for SODIUM STIBOGLUCONATE.
    select
        drugs.name_key,
        regexp_extract(
            drugs.folded_name,
            '^(?:sodium|disodium|potassium|calcium) ([a-z]{6,}ate)$', 1
        ) as folded_name
    from drugs
    where
        {{ var('match_synonyms') }}
        and regexp_matches(
            drugs.folded_name,
            '^(?:sodium|disodium|potassium|calcium) [a-z]{6,}ate$'
        )

    union all

    -- `metrizoate` for METRIZOIC ACID.
    select
        name_key,
        regexp_replace(folded_name, 'ic acid$', 'ate') as folded_name
    from drugs
    where {{ var('match_synonyms') }} and suffix(folded_name, 'ic acid')

),

-- What is left is no name if it is only the other ion, a radical or the end of
-- an enumeration, as in `DIMETHYL FUMARATE` and `FUROSEMIDE AND POTASSIUM`.
salts_left_out as materialized (

    select
        without_salts.name_key,
        without_salts.folded_name,
        upper(without_salts.folded_name) as spelling
    from without_salts
    left join {{ source('seeds', 'ions') }} as ions
        on without_salts.folded_name = ions.ion
    left join salts on without_salts.folded_name = salts.salt
    where
        ions.ion is null
        and (salts.salt is null or not regexp_matches(salts.salt, 'ate$|ide$'))
        and not regexp_matches(
            without_salts.folded_name, '(?:^| )(?:and|or|with|of|other|plus)$'
        )

),

-- Both parts of a combination, in either order and however they are joined:
-- `trimethoprim-sulfamethoxazole`. A part alone is another drug.
turned_round as (

    select
        name_key,
        unnest([
            first_of_two || ' ' || second_of_two,
            second_of_two || ' ' || first_of_two,
            second_of_two || ' and ' || first_of_two,
            first_of_two || ' plus ' || second_of_two,
            second_of_two || ' plus ' || first_of_two
        ]) as folded_name,
        drug_name as spelling
    from taken_apart
    where
        first_of_two <> ''
        and not regexp_matches(
            folded_name, '(?: and .* and )|combination|other|diuretics|agents'
        )

),

forms as (

    select
        name_key,
        spelling as form,
        spelling,
        'without qualifier' as name_kind
    from unqualified

    union all

    select
        taken_apart.name_key,
        taken_apart.before_combinations as form,
        taken_apart.before_combinations as spelling,
        'without qualifier' as name_kind
    from taken_apart
    left join {{ source('seeds', 'ions') }} as ions
        on lower(taken_apart.before_combinations) = ions.ion
    where
        -- A class, an element or a vaccine is no drug by itself.
        regexp_matches(taken_apart.before_combinations, '^[A-Za-z]+[^Ss ]$')
        and ions.ion is null
        and not regexp_matches(
            taken_apart.folded_name,
            'virus|attenuated|inactivated|antigen|toxoid'
        )

    union all

    select
        name_key,
        folded_name as form,
        spelling,
        'without qualifier' as name_kind
    from vitamins

    union all

    select
        name_key,
        unnest([disease || ' vaccine', disease || ' vaccines']) as form,
        unnest([disease || ' vaccine', disease || ' vaccines']) as spelling,
        'vaccine' as name_kind
    from taken_apart
    where disease <> ''

    union all

    select
        name_key,
        folded_name as form,
        spelling,
        'without salt' as name_kind
    from salts_left_out

    union all

    select
        name_key,
        folded_name as form,
        spelling,
        'other order' as name_kind
    from turned_round

),

own_forms as materialized (

    select
        name_key,
        fold_text(form) as folded_name,
        spelling,
        name_kind
    from forms

),

-- A form that is another name of the list means that one.
starts as materialized (

    select
        drugs.name_key,
        spelt_alike(drugs.folded_name) as folded_name,
        drugs.drug_name as spelling,
        'spelling' as name_kind
    from drugs
    where {{ var('match_synonyms') }}

    union all

    select
        own_forms.name_key,
        spelt_alike(own_forms.folded_name) as folded_name,
        own_forms.spelling,
        own_forms.name_kind
    from own_forms
    left join drugs on own_forms.folded_name = drugs.folded_name
    where drugs.folded_name is null

),

reached as (

    select * from starts

    union

    select
        reached.name_key,
        links.to_name as folded_name,
        links.spelling,
        'synonym' as name_kind
    from reached
    inner join links on reached.folded_name = links.from_name

),

-- German, French and older names: `vincristin`, `epirubicine`.
other_endings as (

    select
        name_key,
        case
            when suffix(folded_name, 'ine') then left(folded_name, -1)
            else folded_name || 'e'
        end as folded_name,
        spelling
    from reached
    where regexp_matches(folded_name, '^[a-z]{5,}ine?$')

),

respelt as (

    select
        reached.name_key,
        reached.spelling,
        replace(
            reached.folded_name,
            spelling_pairs.one_spelling,
            spelling_pairs.other_spelling
        ) as folded_name,
        reached.name_kind
    from reached
    inner join spelling_pairs
        on contains(reached.folded_name, spelling_pairs.one_spelling)

    union all

    select
        reached.name_key,
        reached.spelling,
        replace(
            reached.folded_name,
            spelling_pairs.other_spelling,
            spelling_pairs.one_spelling
        ) as folded_name,
        reached.name_kind
    from reached
    inner join spelling_pairs
        on contains(reached.folded_name, spelling_pairs.other_spelling)

    union all

    select
        other_endings.name_key,
        other_endings.spelling,
        other_endings.folded_name,
        'spelling' as name_kind
    from other_endings
    left join reached
        on
            other_endings.folded_name = reached.folded_name
            and other_endings.name_key <> reached.name_key
    where reached.folded_name is null

),

all_names as (

    select
        name_key,
        drug_name as spelling,
        folded_name,
        'listed' as name_kind
    from drugs

    union all

    select
        name_key,
        spelling,
        folded_name,
        name_kind
    from reached

    union all

    select
        name_key,
        spelling,
        folded_name,
        name_kind
    from respelt

),

with_digits as (

    select
        name_key,
        spelling,
        with_digits_marked(folded_name) as marked_name,
        name_kind
    from all_names
    where regexp_matches(folded_name, '[0-9]')

),

-- A letter beside a digit is written together, with a hyphen or with a blank.
written as (

    select
        name_key,
        spelling,
        folded_name,
        name_kind
    from all_names

    union all

    select
        name_key,
        spelling,
        unnest(digit_spellings(marked_name)) as folded_name,
        name_kind
    from with_digits
    where contains(marked_name, '~')

),

-- A name in the drug list may be that of a whole class of things.
generic_names as (

    select phrase as folded_name
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'generic' and {{ var('skip_generic_names') }}

),

kept as (

    select
        written.name_key,
        written.folded_name,
        min(written.spelling) as spelling,
        arg_min(written.name_kind, (written.spelling, written.name_kind))
            as name_kind
    from written
    left join generic_names
        on written.folded_name = generic_names.folded_name
    where generic_names.folded_name is null
    group by written.name_key, written.folded_name

),

contexts as (

    select hash(list(phrase order by phrase)) as contexts_hash
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

-- Titles are matched anew when a name is added, renamed or taken out, when it
-- comes to mean another drug, and when contexts are switched on or off. All
-- other rules are of the project, whose new version reads everything again.
versions as (

    select
        (
            hash(
                list(
                    hash(kept.name_key, kept.folded_name, kept.spelling)
                    order by kept.name_key, kept.folded_name
                ),
                any_value(contexts.contexts_hash)
            ) >> 1
        )::bigint as names_version
    from kept
    cross join contexts

),

versioned as (

    select
        (hash(kept.folded_name) >> 1)::bigint as spelling_key,
        kept.name_key,
        kept.folded_name,
        kept.spelling,
        kept.name_kind,
        versions.names_version
    from kept
    cross join versions

)

select * from versioned
