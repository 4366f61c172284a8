-- What a title may write for a name of the list: the name without a qualifier
-- or a salt, a vaccine by its disease, a combination in another order.
with drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs') }}
    group by name_key, folded_name

),

-- Names of the list that may be cut short or turned round.
taken_apart as materialized (

    select
        name_key,
        folded_name,
        drug_name,
        regexp_extract(
            drug_name,
            '(?i)^(.+?)(?:, *(?:incl|excl)?\.? *combinations?\b.*)$',
            1
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
            || '(?:poly)?saccharides? antigen|purified antigen'
            || '|rna based vaccine|virus like particles|protein subunit)',
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

-- `methyldopa` is METHYLDOPA (LEVOROTATORY) and not METHYLDOPA (RACEMIC), as
-- seeds/name_qualifiers.csv says. A qualifier in brackets that is not in that
-- list may be left out if no other name of the drug list has the same rest. A
-- substance with a radioactive label, AMMONIA (13N), is another one than
-- without.
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

-- What is left is not a name if it is only an ion, a radical or an enumeration
-- cut short, as of `DIMETHYL FUMARATE` and `FUROSEMIDE AND POTASSIUM`.
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

folded as (

    select
        name_key,
        fold_text(form) as folded_name,
        spelling,
        name_kind
    from forms

)

select * from folded
