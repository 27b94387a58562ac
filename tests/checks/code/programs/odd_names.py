"""Strange words for the usual things.

Interface: hatch(widths, seed) -> flock, a dictionary with the lists 'ties' (ties[k] has shape (widths[k+1], widths[k])) and
'lifts' (columns).  sing(flock, seen) takes one column and returns one.  scold(flock, seen, sought) takes two
columns and returns a dictionary with the same keys as flock.

Loss: half of the squared distance between the song and what was sought.  All units are logistic.
"""
import numpy as np


def hatch(widths, seed=0):
    g = np.random.default_rng(seed)
    return {'ties': [g.normal(size=(o, i)) for i, o in zip(widths, widths[1:])],
            'lifts': [g.normal(size=(o, 1)) for o in widths[1:]]}


def sing(flock, seen):
    for t, l in zip(flock['ties'], flock['lifts']):
        seen = 1 / (1 + np.exp(-(t @ seen + l)))
    return seen


def scold(flock, seen, sought):
    notes = [seen]
    for t, l in zip(flock['ties'], flock['lifts']):
        notes.append(1 / (1 + np.exp(-(t @ notes[-1] + l))))
    pain = (notes[-1] - sought) * notes[-1] * (1 - notes[-1])
    out = {'ties': [], 'lifts': []}
    for k in reversed(range(len(flock['ties']))):
        out['ties'].insert(0, pain @ notes[k].T)
        out['lifts'].insert(0, pain)
        pain = (flock['ties'][k].T @ pain) * notes[k] * (1 - notes[k])
    return out
