-- Scores are counted in hundredths, so that they add up exactly: 50 to begin with.
WITH
  subject AS (
    SELECT coalesce(
        :child_age_months,
        (strftime('%Y', 'now') - strftime('%Y', birth_date)) * 12
          + strftime('%m', 'now') - strftime('%m', birth_date)
          - (strftime('%d', 'now') < strftime('%d', birth_date))) AS months
    FROM child
    WHERE id = :child_id
  ),
  done AS (
    SELECT activity_id, count(*) AS times
    FROM participation
    WHERE child_id = :child_id
    GROUP BY activity_id
  ),
  suited AS (
    SELECT activity.*, months, coalesce(times, 0) AS times,
      json_extract(age_range, '$.min') AS from_months,
      json_extract(age_range, '$.max') AS to_months
    FROM subject
    CROSS JOIN activity
    LEFT JOIN done ON done.activity_id = activity.id
    WHERE (:activity_types IS NULL OR type IN (SELECT value FROM json_each(:activity_types)))
      AND (:group_size IS NULL OR :group_size
        BETWEEN json_extract(group_size, '$.min') AND json_extract(group_size, '$.max'))
      AND (:include_special_needs OR special_needs_adaptations IS NULL)
  ),
  weighed AS (
    SELECT id, name, type, times,
      CASE
        WHEN months BETWEEN from_months AND to_months THEN 20
        WHEN months BETWEEN from_months - 6 AND to_months + 6 THEN 10
        ELSE 0
      END AS for_age,
      CASE WHEN coalesce(weather, :weather) = :weather THEN 5 ELSE 0 END AS for_weather,
      CASE WHEN times = 0 THEN 10 ELSE -min(5 * times, 20) END AS for_novelty
    FROM suited
  )
SELECT
  id AS activity_id, name, type,
  max(0, min(50 + for_age + for_weather + for_novelty, 100)) / 100.0 AS relevance_score,
  CASE for_age WHEN 20 THEN 'Perfect age match; ' WHEN 10 THEN 'Near the age range; ' ELSE '' END
    || CASE for_weather WHEN 5 THEN 'Suits ' || :weather || ' weather; ' ELSE '' END
    || CASE times
      WHEN 0 THEN 'Fresh activity suggestion'
      WHEN 1 THEN 'Done once before'
      ELSE 'Done ' || times || ' times before'
    END AS reasoning
FROM weighed
ORDER BY relevance_score DESC, name, activity_id
LIMIT :max_recommendations
