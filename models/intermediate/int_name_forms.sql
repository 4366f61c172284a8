-- What a title may write for a name of the list: the name without a qualifier
-- or a salt, a vaccine by its disease, a combination in another order.
with drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs') }}
    where {{ var('match_synonyms') }}
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
        regexp_extract(
            drug_name, '^([^(]+[^( ]) *\(([^()]*)\)$', ['name', 'qualifier']
        ) as bracket,
        regexp_extract(
            drug_name, '(?i)^[^(]+[^( ] *\((vit(?:amin)? ([a-z][0-9]*))\)$',
            ['written', 'letter']
        ) as vitamin,
        regexp_extract(drug_name, '^([^,]+), *([^,]+)$', ['name', 'qualifier'])
            as comma,
        regexp_extract(
            folded_name,
            '^(.+?) (?:oral )?(?:live attenuated|inactivated|purified '
            || '(?:poly)?saccharides? antigen|purified antigen'
            || '|rna based vaccine|virus like particles|protein subunit)',
            1
        ) as disease,
        regexp_extract(
            folded_name, '^([^,]+?) (?:and|with|plus) ((?:[^ ]+ ?)+)$',
            ['one', 'other']
        ) as combination
    from drugs
    where regexp_matches(drug_name, '(?i)[(,]| and | with | plus ')

),

qualified as (

    select
        name_key,
        bracket.name as written_name,
        lower(bracket.qualifier) as qualifier,
        true as is_in_bracket
    from taken_apart
    where bracket.name <> '' and before_combinations = ''

    union all

    select
        name_key,
        comma.name as written_name,
        lower(comma.qualifier) as qualifier,
        false as is_in_bracket
    from taken_apart
    where comma.name <> '' and before_combinations = ''

),

-- `methyldopa` is METHYLDOPA (LEVOROTATORY) and not METHYLDOPA (RACEMIC), as
-- seeds/name_qualifiers.csv says. A qualifier in brackets that is not in that
-- list may be left out if no other name of the drug list has the same rest. A
-- substance with a radioactive label, AMMONIA (13N), is another one than
-- without.
unqualified as (

    select
        qualified.name_key,
        qualified.written_name
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
            and count(*) over (partition by upper(qualified.written_name)) = 1
        )

),

vitamins as (

    select
        name_key,
        unnest(['vitamin ' || upper(vitamin.letter), lower(vitamin.written)])
            as name
    from taken_apart
    where vitamin.letter <> ''

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

    union all

    -- `stibogluconate` for SODIUM STIBOGLUCONATE.
    select
        name_key,
        regexp_extract(
            folded_name,
            '^(?:sodium|disodium|potassium|calcium) ([a-z]{6,}ate)$', 1
        ) as folded_name
    from drugs

    union all

    -- `metrizoate` for METRIZOIC ACID.
    select
        name_key,
        regexp_replace(folded_name, 'ic acid$', 'ate') as folded_name
    from drugs
    where suffix(folded_name, 'ic acid')

),

-- What is left is not a name if it is only an ion, a radical or an enumeration
-- cut short, as of `DIMETHYL FUMARATE` and `FUROSEMIDE AND POTASSIUM`.
salts_left_out as materialized (

    select
        without_salts.name_key,
        without_salts.folded_name,
        upper(without_salts.folded_name) as written_name
    from without_salts
    left join {{ source('seeds', 'ions') }} as ions
        on without_salts.folded_name = ions.ion
    left join salts on without_salts.folded_name = salts.salt
    where
        without_salts.folded_name <> ''
        and ions.ion is null
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
            combination.one || ' ' || combination.other,
            combination.other || ' ' || combination.one,
            combination.other || ' and ' || combination.one,
            combination.one || ' plus ' || combination.other,
            combination.other || ' plus ' || combination.one
        ]) as folded_name,
        drug_name as written_name
    from taken_apart
    where
        combination.one <> ''
        and not regexp_matches(
            folded_name, '(?: and .* and )|combination|other|diuretics|agents'
        )

),

forms as (

    select
        name_key,
        written_name as form,
        written_name,
        'without qualifier' as name_kind
    from unqualified

    union all

    select
        taken_apart.name_key,
        taken_apart.before_combinations as form,
        taken_apart.before_combinations as written_name,
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
        name as form,
        name as written_name,
        'without qualifier' as name_kind
    from vitamins

    union all

    select
        name_key,
        unnest([disease || ' vaccine', disease || ' vaccines']) as form,
        unnest([disease || ' vaccine', disease || ' vaccines']) as written_name,
        'vaccine' as name_kind
    from taken_apart
    where disease <> ''

    union all

    select
        name_key,
        folded_name as form,
        written_name,
        'without salt' as name_kind
    from salts_left_out

    union all

    select
        name_key,
        folded_name as form,
        written_name,
        'other order' as name_kind
    from turned_round

),

folded as (

    select
        name_key,
        fold_text(form) as folded_name,
        written_name,
        name_kind
    from forms

),

-- A letter or two that are left, as of L-ARGININE, are no name.
long_enough as (

    select * from folded
    where regexp_matches(folded_name, '[a-z]{3}|[^ -~]')

)

select * from long_enough
