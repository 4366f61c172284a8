-- Names are matched word by word, so that the cost follows the text: a title's
-- words are looked up among the first words of names, those found are looked up
-- together with the next word, and only then is the whole phrase compared. So a
-- word of a title meets few names, however many names begin with it.
--
-- A match depends on the title and the names alone, so it is found once for
-- every raw file, before records are merged, and kept until the file changes or
-- a name does. Every file that was matched has a row without a drug, so that a
-- file without mentions is not matched again. A file that staging does not hold
-- yet, because only some models were built, has no such row.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="
            {% if is_incremental() %}
            delete from {{ this }}
            where
                raw_file_version not in (
                    select raw_file_version from {{ ref('stg_raw_files') }}
                )
                or names_version is distinct from (
                    select coalesce(max(names_version), 0)
                    from {{ ref('int_drug_names') }}
                )
            {% endif %}
        "
    )
}}

with names_versions as (

    select coalesce(max(names_version), 0) as names_version
    from {{ ref('int_drug_names') }}

),

new_files as (

    select raw_files.raw_file_version
    from {{ ref('stg_raw_files') }} as raw_files
    {% if is_incremental() %}
        where raw_files.raw_file_version not in (
            select matched.raw_file_version from {{ this }} as matched
        )
    {% endif %}

),

matched_files as (

    select raw_file_version
    from {{ ref('stg_pubmed_articles') }}
    where
        raw_file_version in (
            select new_files.raw_file_version from new_files
        )

    union

    select raw_file_version
    from {{ ref('stg_clinical_trials') }}
    where
        raw_file_version in (
            select new_files.raw_file_version from new_files
        )

),

drug_names as (

    select * from {{ ref('int_drug_names') }}

),

names as (

    select
        folded_name_key,
        folded_name,
        split(folded_name, ' ') as name_words,
        len(split(folded_name, ' ')) as word_count
    from {{ ref('int_drug_names') }}
    group by folded_name_key, folded_name

),

-- A name of a single word is found by its first word already.
first_words as (

    select
        name_words[1] as first_word,
        max(
            case when word_count = 1 then folded_name_key end
        ) as folded_name_key
    from names
    group by first_word

),

phrase_starts as (

    select
        name_words[1] as first_word,
        name_words[2] as second_word,
        word_count
    from names
    where word_count > 1
    group by first_word, second_word, word_count

),

titles as (

    select
        raw_file_version,
        title_hash,
        title
    from {{ ref('stg_pubmed_articles') }}
    where
        is_usable
        and raw_file_version in (
            select new_files.raw_file_version from new_files
        )

    union all

    select
        raw_file_version,
        title_hash,
        title
    from {{ ref('stg_clinical_trials') }}
    where
        is_usable
        and raw_file_version in (
            select new_files.raw_file_version from new_files
        )

),

folded_titles as (

    select
        raw_file_version,
        title_hash,
        title,
        split(fold_text(title), ' ') as title_words
    from titles

),

words as (

    select
        raw_file_version,
        title_hash,
        title,
        title_words,
        unnest(title_words) as word,
        generate_subscripts(title_words, 1) as place
    from folded_titles

),

title_starts as (

    select
        words.raw_file_version,
        words.title_hash,
        words.title,
        words.title_words,
        words.place,
        words.word,
        words.title_words[words.place + 1] as next_word,
        first_words.folded_name_key
    from words
    inner join first_words on words.word = first_words.first_word

),

-- From here on no column is a list. A join leaves few rows of many; DuckDB
-- packs them together, which makes the rest faster, but not if a column is a
-- list.
phrases as (

    select
        title_starts.raw_file_version,
        title_starts.title_hash,
        title_starts.title,
        title_starts.place,
        title_starts.folded_name_key,
        title_starts.word,
        phrase_starts.word_count,
        case
            when phrase_starts.word_count is not null
                then list_aggregate(
                    title_starts.title_words[
                        title_starts.place:
                        title_starts.place + phrase_starts.word_count - 1
                    ],
                    'string_agg',
                    ' '
                )
        end as phrase
    from title_starts
    left join phrase_starts
        on
            title_starts.word = phrase_starts.first_word
            and title_starts.next_word = phrase_starts.second_word
    where
        title_starts.folded_name_key is not null
        or phrase_starts.word_count is not null

),

-- The word by itself, and the phrase that begins with it.
found as (

    select
        phrases.raw_file_version,
        phrases.title_hash,
        phrases.title,
        phrases.place,
        unnest([phrases.folded_name_key, names.folded_name_key])
            as folded_name_key,
        unnest([phrases.word, phrases.phrase]) as own_words,
        unnest([1, phrases.word_count]) as word_count
    from phrases
    left join names on phrases.phrase = names.folded_name

),

matched as (

    select * from found
    where folded_name_key is not null

),

-- The place of the name in the title as it is written. If its letters are not
-- in the title, or more than once, the words in front of it are counted.
with_places as (

    select
        *,
        only_place_of(own_words, title) as only_place
    from matched

),

with_words as (

    select
        * exclude (title),
        case
            when only_place > 0 then title else readable_title(title)
        end as title,
        case
            when only_place = 0 then written_words(readable_title(title))
        end as written_words
    from with_places

),

with_texts as (

    select
        * exclude (written_words, only_place),
        case
            when only_place > 0 then only_place
            else 1 + length(coalesce(
                list_aggregate(written_words[:place - 1], 'string_agg', ''), ''
            ))
            + length(written_words[place])
            - length(without_signs_before(written_words[place]))
        end as text_start,
        case
            when only_place > 0
                then substr(title, only_place, length(own_words))
            else without_signs_before(list_aggregate(
                written_words[place:place + word_count - 1], 'string_agg', ''
            ))
        end as matched_text
    from with_words

),

-- If the words around a name say that something else is meant, as in `insulin
-- receptor`, it is not a mention there. It may be one elsewhere in the title.
with_surroundings as (

    select
        *,
        substr(
            title, greatest(text_start - 60, 1), least(60, text_start - 1)
        ) as text_before,
        substr(title, text_start + length(matched_text), 60) as text_behind
    from with_texts

),

context_phrases as (

    select
        split(phrase, ' ') as phrase_words,
        unnest(range(1, len(split(phrase, ' ')) + 1)) as name_start
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

context_parts as (

    select
        *,
        unnest(range(name_start, len(phrase_words) + 1)) as name_end
    from context_phrases

),

-- A context is a phrase that has a name in it, and more.
contexts as (

    select
        names.folded_name_key,
        list_aggregate(
            context_parts.phrase_words[:context_parts.name_start - 1],
            'string_agg',
            ' '
        ) as words_before,
        list_aggregate(
            context_parts.phrase_words[context_parts.name_end + 1:],
            'string_agg',
            ' '
        ) as words_behind
    from context_parts
    inner join names
        on
            names.folded_name = list_aggregate(
                context_parts.phrase_words[
                    context_parts.name_start:context_parts.name_end
                ],
                'string_agg',
                ' '
            )
    where
        len(context_parts.phrase_words)
        > len(split(names.folded_name, ' '))

),

meant as (

    select with_surroundings.*
    from with_surroundings
    left join contexts
        on
            with_surroundings.folded_name_key = contexts.folded_name_key
            and stands_between(
                with_surroundings.text_before,
                with_surroundings.text_behind,
                contexts.words_before,
                contexts.words_behind
            )
    where
        contexts.folded_name_key is null
        and not (
            {{ var('skip_contexts') }}
            and (
                means_another_thing(
                    with_surroundings.text_before, with_surroundings.text_behind
                )
                or stands_for_words(
                    with_surroundings.text_before,
                    with_surroundings.matched_text
                )
            )
        )

),

named as (

    select
        meant.raw_file_version,
        meant.title_hash,
        drug_names.name_key,
        min(drug_names.written_name) as matched_name,
        arg_min(
            meant.matched_text, (drug_names.written_name, meant.place)
        ) as matched_text
    from meant
    inner join drug_names on meant.folded_name_key = drug_names.folded_name_key
    group by meant.raw_file_version, meant.title_hash, drug_names.name_key

),

mentions as (

    select
        named.raw_file_version,
        names_versions.names_version,
        named.title_hash,
        named.name_key,
        named.matched_name,
        named.matched_text
    from named
    cross join names_versions

    union all

    select
        matched_files.raw_file_version,
        names_versions.names_version,
        null as title_hash,
        null as name_key,
        null as matched_name,
        null as matched_text
    from matched_files
    cross join names_versions

)

select * from mentions
