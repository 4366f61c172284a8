-- Names are matched word by word, so that the cost follows the text: a title's
-- words are looked up among the first words of names, those found are looked up
-- together with the next word, and only then is the whole phrase compared. So a
-- word of a title meets few names, however many names begin with it.
--
-- A match depends on the title and the names alone, so it is found once for
-- every raw file, before records are merged, and kept until the file changes or
-- a name does.
{{
    config(
        materialized='raw_records',
        also_made_of="{{ names_version() }}"
    )
}}

{% set is_unread = 'true' -%}
{% if holds_raw_records() -%}
    {% set is_unread -%}
        raw_file in (
            select files.raw_file
            from ({{ raw_files_to_read(also_made_of=names_version()) }}) as files
        )
    {%- endset -%}
{%- endif %}

with names as (

    select
        spelling_key as name_key,
        folded_name,
        split(folded_name, ' ') as name_words,
        {{ list_length("split(folded_name, ' ')") }} as word_count
    from {{ ref('int_names') }}
    group by spelling_key, folded_name

),

-- A name of a single word is found by its first word already.
first_words as (

    select
        {{ list_item('name_words', 1) }} as first_word,
        max(case when word_count = 1 then name_key end) as name_key
    from names
    group by first_word

),

phrase_starts as (

    select
        {{ list_item('name_words', 1) }} as first_word,
        {{ list_item('name_words', 2) }} as second_word,
        word_count
    from names
    where word_count > 1
    group by first_word, second_word, word_count

),

folded_titles as (

    select
        raw_file,
        publication_hash,
        split({{ fold_text('title') }}, ' ') as title_words
    from {{ ref('int_publications_united') }}
    where {{ is_unread }}

),

words as (

    {{ explode_with_place(
        'folded_titles', ['raw_file', 'publication_hash', 'title_words'],
        'title_words', 'word', 'place'
    ) }}

),

title_starts as (

    select
        words.raw_file,
        words.publication_hash,
        words.title_words,
        words.place,
        words.word,
        {{ list_item('words.title_words', 'words.place + 1') }} as next_word,
        first_words.name_key
    from words
    inner join first_words on words.word = first_words.first_word

),

-- From here on there are only words: DuckDB puts few rows that are left of many
-- together, but not where one of their columns is a list.
phrases as (

    select
        title_starts.raw_file,
        title_starts.publication_hash,
        title_starts.name_key,
        title_starts.word,
        case
            when phrase_starts.word_count is not null
                then {{ list_joined(list_part(
                    'title_starts.title_words', 'title_starts.place',
                    'phrase_starts.word_count'
                ), ' ') }}
        end as phrase,
        {{ list_item('title_starts.title_words', 'title_starts.place - 1') }}
            as word_before,
        title_starts.next_word as behind_word,
        {{ list_item('title_starts.title_words', 'title_starts.place + 2') }}
            as second_behind_word,
        {{ list_item(
            'title_starts.title_words',
            'title_starts.place + phrase_starts.word_count'
        ) }} as behind_phrase,
        {{ list_item(
            'title_starts.title_words',
            'title_starts.place + phrase_starts.word_count + 1'
        ) }} as second_behind_phrase
    from title_starts
    left join phrase_starts
        on
            title_starts.word = phrase_starts.first_word
            and title_starts.next_word = phrase_starts.second_word
    where
        title_starts.name_key is not null
        or phrase_starts.word_count is not null

),

found as (

    {{ explode_rows(
        'phrases left join names on phrases.phrase = names.folded_name',
        ['phrases.raw_file', 'phrases.publication_hash', 'phrases.word_before'],
        ['name_key', 'own_words', 'word_behind', 'second_word_behind'],
        [
            [
                'phrases.name_key', 'phrases.word',
                'phrases.behind_word', 'phrases.second_behind_word',
            ],
            [
                'names.name_key', 'phrases.phrase',
                'phrases.behind_phrase', 'phrases.second_behind_phrase',
            ],
        ]
    ) }}

),

matched as (

    select * from found
    where name_key is not null

),

-- Where the words around it say that something else is meant, such as `insulin
-- receptor`, it is no mention; it may be one elsewhere in the title.
contexts as (

    select
        phrase,
        regexp_replace(phrase, ' .*', '') as first_word,
        regexp_replace(phrase, '.* ', '') as last_word
    from {{ maintained_list('names_not_meant', ['kind', 'phrase']) }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

-- Few words next to a name are the last or first one of a context, so few
-- phrases are put together.
meant as (

    select
        matched.raw_file,
        matched.publication_hash,
        matched.name_key
    from matched
    left join contexts as one_behind
        on
            matched.word_behind = one_behind.last_word
            and one_behind.phrase in (
                '~ ' || matched.word_behind,
                matched.own_words || ' ' || matched.word_behind
            )
    left join contexts as two_behind
        on
            matched.second_word_behind = two_behind.last_word
            and two_behind.phrase in (
                '~ ' || matched.word_behind
                || ' ' || matched.second_word_behind,
                matched.own_words || ' ' || matched.word_behind
                || ' ' || matched.second_word_behind
            )
    left join contexts as one_before
        on
            matched.word_before = one_before.first_word
            and one_before.phrase
            = matched.word_before || ' ' || matched.own_words
    where
        one_behind.last_word is null
        and two_behind.last_word is null
        and one_before.first_word is null

)

select * from meant
