-- Names are matched word by word, so that the cost follows the text: a title's
-- words are looked up among the first words of names, those found are looked up
-- together with the next word, and only then is the whole phrase compared. So a
-- word of a title meets few names, however many names begin with it.
with drugs as (

    select
        drug_key,
        folded_name,
        string_split(folded_name, ' ') as name_words
    from {{ ref('int_drugs_deduplicated') }}

),

name_starts as (

    select
        name_words[1] as first_word,
        coalesce(name_words[2], '') as second_word,
        len(name_words) as word_count
    from drugs
    group by first_word, second_word, word_count

),

folded_titles as (

    select
        publication_key,
        string_split({{ fold_text('title') }}, ' ') as title_words
    from {{ ref('int_publications_merged') }}

),

words as (

    select
        publication_key,
        title_words,
        unnest(title_words) as word,
        generate_subscripts(title_words, 1) as place
    from folded_titles

),

first_words as (

    select first_word
    from name_starts
    group by first_word

),

-- Once with the next word, and once with none for names of a single word.
title_starts as (

    select
        words.publication_key,
        words.title_words,
        words.word,
        words.place,
        unnest([words.title_words[words.place + 1], '']) as next_word
    from words
    inner join first_words on words.word = first_words.first_word

),

phrases as (

    select
        title_starts.publication_key,
        array_to_string(
            title_starts.title_words[
                title_starts.place:
                title_starts.place + name_starts.word_count - 1
            ],
            ' '
        ) as phrase
    from title_starts
    inner join name_starts
        on
            title_starts.word = name_starts.first_word
            and title_starts.next_word = name_starts.second_word

),

-- A title may repeat a name: the one place where that is folded away.
matched as (

    select
        drugs.drug_key,
        phrases.publication_key
    from phrases
    inner join drugs on phrases.phrase = drugs.folded_name
    group by drugs.drug_key, phrases.publication_key

)

select * from matched
