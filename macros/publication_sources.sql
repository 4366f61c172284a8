{#- The staging models of publications: one line more is a source more. An id is
    `registered` where the files come from the registry that gives the ids, so
    that two records of one id are records of one publication, whatever else
    they say; an id that was typed by hand proves nothing. -#}
{% macro publication_sources() -%}
    {{- return([
        {'model': 'stg_pubmed_csv', 'article_type': 'pubmed', 'is_registered': false},
        {'model': 'stg_pubmed_json', 'article_type': 'pubmed', 'is_registered': false},
        {'model': 'stg_pubmed_export_csv', 'article_type': 'pubmed', 'is_registered': true},
        {'model': 'stg_pubmed_old_export_csv', 'article_type': 'pubmed', 'is_registered': true},
        {'model': 'stg_pubmed_nbib', 'article_type': 'pubmed', 'is_registered': true},
        {'model': 'stg_pubmed_xml', 'article_type': 'pubmed', 'is_registered': true},
        {'model': 'stg_clinical_trials', 'article_type': 'clinical_trials', 'is_registered': false},
        {'model': 'stg_ctgov_export_csv', 'article_type': 'clinical_trials', 'is_registered': true},
        {'model': 'stg_ctgov_old_export_csv', 'article_type': 'clinical_trials', 'is_registered': true},
        {'model': 'stg_ctgov_json', 'article_type': 'clinical_trials', 'is_registered': true},
    ]) -}}
{%- endmacro %}
