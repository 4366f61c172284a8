{#- The date in a citation such as `J Emerg Nurs. 2019 Oct 15;45(5):1-2.`: what
    begins with a year behind the journal's name and its point. -#}
{% macro citation_date(citation) -%}
    {{ pattern_group(citation, '\\.\\s+([12]\\d{3}\\b[^;:.]*)', 1) }}
{%- endmacro %}
