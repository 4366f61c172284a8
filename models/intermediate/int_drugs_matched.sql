-- Names are matched word by word, so that the cost follows the text: a title's
-- words are looked up among the first words of names, then the next word among
-- the second words, and only then is the whole phrase compared.
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
        name_words[2] as second_word,
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

phrases as (

    select
        words.publication_key,
        array_to_string(
            words.title_words[
                words.place:words.place + name_starts.word_count - 1
            ],
            ' '
        ) as phrase
    from words
    inner join name_starts on words.word = name_starts.first_word
    where
        name_starts.second_word is null
        or words.title_words[words.place + 1] = name_starts.second_word

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
