-- Moments by correlation with ones and extrema over sliding views, whole columns at a time. Values are centred,
-- as the squares would lose digits else; so would the differences of running sums over a whole month.
CREATE FUNCTION bench.bqx_numpy(indexes float8[], windows int[], skip int) RETURNS SETOF bench.bqx_features
LANGUAGE plpython3u AS $$
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

x = np.array(indexes)
centre = x.mean()
past = x[:-1] - centre
squares = past * past
rows = np.full((len(x), 1 + 9 * len(windows)), np.nan)
rows[:, 0] = x
column = 1
for w in windows:
    if len(x) > w:
        now = x[w:]
        ones = np.ones(w)
        total = np.correlate(past, ones, 'valid')
        stdev = np.sqrt((np.correlate(squares, ones, 'valid') - total * total / w) / (w - 1))
        view = sliding_window_view(x[:-1], w)
        high = view.max(axis=1)
        low = view.min(axis=1)
        mean = centre + total / w
        out = rows[w:, column:column + 9]
        out[:, 1] = (mean - now) / now
        out[:, 0] = out[:, 1] * w
        out[:, 2] = high
        out[:, 3] = low
        out[:, 4] = mean
        out[:, 5] = stdev
        out[:, 6] = (x[:-w] - now) / now
        out[:, 7] = (high - low) / now
        out[:, 8] = stdev / now
    column += 9
rows = rows[skip:]
if np.isnan(rows).any():
    return [[None if value != value else value for value in row] for row in rows.tolist()]
return rows.tolist()
$$;
