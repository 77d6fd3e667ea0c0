-- The fit by projection on the orthogonal basis {1, t, t² - mean t²}, each a correlation, whole columns at a time.
CREATE FUNCTION bench.reg_numpy(indexes float8[], windows int[], skip int) RETURNS SETOF bench.reg_features
LANGUAGE plpython3u AS $$
import numpy as np

x = np.array(indexes)
centre = x.mean()
past = x[:-1] - centre
squares = past * past
rows = np.full((len(x), 1 + 9 * len(windows)), np.nan)
rows[:, 0] = x
column = 1
for w in windows:
    if len(x) > w:
        half = (w - 1) / 2
        t = np.arange(w) - half
        bend = t * t - (t * t).mean()
        mean = np.correlate(past, np.ones(w), 'valid') / w
        u1 = np.correlate(past, t, 'valid')
        u2 = np.correlate(past, bend, 'valid')
        slope = u1 / (t @ t)
        a = u2 / (bend @ bend)
        total = np.correlate(squares, np.ones(w), 'valid') - mean * mean * w
        residual = np.maximum(total - slope * u1 - a * u2, 0)
        b = slope - a * (w - 1)
        even = centre + mean + a * bend[-1]
        first = x[:-w]
        out = rows[w:, column:column + 9]
        out[:, 0] = a
        out[:, 1] = b
        out[:, 2] = even - slope * half
        out[:, 3] = a * (w - 1) ** 2
        out[:, 4] = b * (w - 1)
        out[:, 5] = np.where(total > 0, 1 - residual / np.where(total > 0, total, 1), 0)
        out[:, 6] = np.sqrt(residual / w)
        out[:, 7] = x[w - 1:-1] - (even + slope * half)
        out[:, 8] = (x[w:] - first) / first
    column += 9
rows = rows[skip:]
if np.isnan(rows).any():
    return [[None if value != value else value for value in row] for row in rows.tolist()]
return rows.tolist()
$$;
