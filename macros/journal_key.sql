{#- A journal as it is counted: without case and punctuation, without `The` and
    without what NLM puts behind a colon, `Journal of emergency nursing : JEN`.
    Where seeds/journal_abbreviations.csv knows it, abbreviated or in full, both
    have one key. -#}
{% macro journal_key(journal) -%}
    regexp_replace(
        {{ fold_text(replace_pattern(journal, '\\s+[:=]\\s.*', '')) }},
        '^the ', ''
    )
{%- endmacro %}
