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
        end as phrase,
        title_starts.title_words[title_starts.place - 1] as word_before,
        title_starts.next_word as behind_word,
        title_starts.title_words[title_starts.place + 2] as second_behind_word,
        title_starts.title_words[
            title_starts.place + phrase_starts.word_count
        ] as behind_phrase,
        title_starts.title_words[
            title_starts.place + phrase_starts.word_count + 1
        ] as second_behind_phrase
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
        phrases.word_before,
        unnest([phrases.folded_name_key, names.folded_name_key])
            as folded_name_key,
        unnest([phrases.word, phrases.phrase]) as own_words,
        unnest([1, phrases.word_count]) as word_count,
        unnest([phrases.behind_word, phrases.behind_phrase]) as word_behind,
        unnest([phrases.second_behind_word, phrases.second_behind_phrase])
            as second_word_behind
    from phrases
    left join names on phrases.phrase = names.folded_name

),

matched as (

    select * from found
    where folded_name_key is not null

),

-- If the words around a name say that something else is meant, as in `insulin
-- receptor`, it is not a mention there. It may be one elsewhere in the title.
contexts as (

    select
        phrase,
        regexp_replace(phrase, ' .*', '') as first_word,
        regexp_replace(phrase, '.* ', '') as last_word
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

-- Each join first compares one word: few words beside a name are the first or
-- last word of a context, so the whole phrase is put together for few.
not_in_context as (

    select
        matched.raw_file_version,
        matched.title_hash,
        matched.title,
        matched.own_words,
        matched.place,
        matched.word_count,
        matched.folded_name_key
    from matched
    left join contexts as one_behind
        on
            matched.word_behind = one_behind.last_word
            and matched.own_words || ' ' || matched.word_behind
            = one_behind.phrase
    left join contexts as two_behind
        on
            matched.second_word_behind = two_behind.last_word
            and matched.own_words || ' ' || matched.word_behind
            || ' ' || matched.second_word_behind
            = two_behind.phrase
    left join contexts as one_before
        on
            matched.word_before = one_before.first_word
            and one_before.phrase
            = matched.word_before || ' ' || matched.own_words
    where
        one_behind.last_word is null
        and two_behind.last_word is null
        and one_before.first_word is null

),

-- The place of the name in the title as it is written. If its letters are not
-- in the title, or more than once, the words in front of it are counted.
with_places as (

    select
        *,
        only_place_of(own_words, title) as only_place
    from not_in_context

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

meant as (

    select *
    from with_texts
    where
        not {{ var('skip_contexts') }}
        or not means_another_thing(
            substr(
                title, greatest(text_start - 30, 1), least(30, text_start - 1)
            ),
            substr(title, text_start + length(matched_text), 60)
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
