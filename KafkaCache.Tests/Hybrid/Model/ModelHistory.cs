using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>One random history of two pods with one log and one source. Fills, invalidations, sets and applies are split into steps, which
/// are interleaved at random.</summary>
internal sealed class ModelHistory
{
    private const int Steps = 160;
    private const int Keys = 3;
    private const int Partitions = 3;
    private const int MaxUnderWay = 6;

    // Key 0 has both tags, key 1 one of them, key 2 none.
    private static readonly string[][] TagMarks = [
        [RecordKeys.MarkOfTag("a"), RecordKeys.MarkOfTag("b")], [RecordKeys.MarkOfTag("a")], [],
    ];

    private readonly Random _random;
    private readonly ModelSettings _settings;
    private readonly ModelTimes _times;
    private readonly ModelLog _log = new(Partitions);
    private readonly ModelPod[] _pods;
    private readonly int[] _source = new int[Keys];
    private readonly Dictionary<StoredRecord, int> _versions = new(ReferenceEqualityComparer.Instance);
    private readonly List<IEnumerator<bool>> _underWay = [];
    private readonly List<TagWriter> _writers = [];
    private readonly Dictionary<IEnumerator<bool>, ModelPod> _podOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _dead = new(StringComparer.Ordinal);
    private long _openNumbers;
    private int _now = 1_000;
    private int _setNumbers;

    private ModelHistory(ulong seed, ModelSettings settings, ModelTimes times)
    {
        _random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        (_settings, _times) = (settings, times);
        _pods = [
            new ModelPod(_log, settings, _writers, Keys, skew: 0) { Process = NewProcess() },
            new ModelPod(_log, settings, _writers, Keys, skew: _random.Next(-20, 21)) { Process = NewProcess() },
        ];
    }

    public static string KeyName(int key) => $"k{key}";

    /// <returns>The number of stale reads.</returns>
    public static int StaleReads(ulong seed, ModelSettings settings, ModelTimes? times = null) =>
        Run(seed, settings, times).StaleReads;

    /// <returns>The number of reads that were older than the invalidations that their pod had applied, and the number of keys for which a
    /// pod serves an old value after everything has ended and been applied.</returns>
    public static (int StaleReads, int StaleAtRest) Run(ulong seed, ModelSettings settings, ModelTimes? times = null)
    {
        var history = new ModelHistory(seed, settings, times ?? new ModelTimes());
        return (history.Run(), history.Rest());
    }

    private int Run()
    {
        var stale = 0;
        for (var step = 0; step < Steps; step++)
        {
            _now++;
            Step();
            foreach (var pod in _pods)
            {
                for (var key = 0; key < Keys; key++)
                    stale += pod.ReadsStale(KeyName(key), key, entry => _versions[entry]) ? 1 : 0;
            }
        }

        return stale;
    }

    private void Step()
    {
        var pod = _pods[_random.Next(_pods.Length)];
        switch (_random.Next(20))
        {
            case < 9:
                pod.Apply(_random.Next(Partitions));
                break;
            case < 15 when _underWay.Count > 0:
                Continue(_underWay[_random.Next(_underWay.Count)]);
                break;
            case < 19 when _underWay.Count < MaxUnderWay && pod.IsReady:
                Begin(pod, Operation(pod));
                break;
            default:
                Rarely(pod);
                break;
        }
    }

    private void Rarely(ModelPod pod)
    {
        switch (_random.Next(12))
        {
            case < 4:
                Compact(_random.Next(Partitions));
                break;
            case 4:
                pod.Restart();
                break;
            case 5:
                _log.Recreate();
                _times.Marks.Clear();
                break;
            case 6 or 7 when _settings.WritersDie:
                Die(pod);
                break;
            default:
                break;
        }
    }

    private void Compact(int partition) => _log.Compact(
        partition, _settings.CompactsAtOnce ? long.MaxValue : _pods.Min(pod => pod.Seen(partition)));

    private void Begin(ModelPod pod, IEnumerable<bool> operation)
    {
        var begun = operation.GetEnumerator();
        _underWay.Add(begun);
        _podOf.Add(begun, pod);
    }

    private void Continue(IEnumerator<bool> operation)
    {
        if (!operation.MoveNext())
            Drop(operation);
    }

    private void Drop(IEnumerator<bool> operation)
    {
        operation.Dispose();
        _underWay.Remove(operation);
        _podOf.Remove(operation);
    }

    /// <summary>Kills the process of a pod and starts a new one.</summary>
    private void Die(ModelPod pod)
    {
        foreach (var operation in _underWay.FindAll(operation => _podOf[operation] == pod))
            Drop(operation);
        _dead.Add(pod.Process.Writer.Name);
        pod.Process = NewProcess();
        pod.Restart();
    }

    private ModelProcess NewProcess()
    {
        var process = new ModelProcess($"{_writers.Count}", Partitions);
        _writers.Add(process.Writer);
        return process;
    }

    /// <summary>Completes all operations, and lets all pods apply all records.</summary>
    /// <returns>The number of keys for which a pod serves an old value.</returns>
    private int Rest()
    {
        while (_underWay.Count > 0)
            Continue(_underWay[0]);
        ApplyAll();
        foreach (var end in EndsOfTheDead(_pods[0]))
            _ = end.Count();
        ApplyAll();
        return _pods.Sum(pod => Enumerable.Range(0, Keys).Count(
            key => pod.Serves(KeyName(key), entry => _versions[entry]) < _source[key]));
    }

    private void ApplyAll()
    {
        foreach (var pod in _pods)
        {
            pod.Apply(0);
            for (var partition = 0; partition < Partitions; partition++)
            {
                for (var left = _log.End(partition); left > 0; left--)
                    pod.Apply(partition);
            }
        }
    }

    // Each operation yields after every atomic step, so that other steps can come in between.
    private IEnumerable<bool> Operation(ModelPod pod) => _random.Next(8) switch
    {
        < 4 when _settings.OpensTags && _random.Next(6) == 0 && EndsOfTheDead(pod).FirstOrDefault() is { } end => end,
        < 4 => Fill(pod, _random.Next(Keys)),
        4 when _settings.OpensTags => Fill(pod, _random.Next(Keys)),
        5 when _settings.OpensTags => Commit(pod, RecordKeys.MarkOfTag("a")),
        4 => Set(pod, _random.Next(Keys)),
        5 => Invalidate(pod, RecordKeys.MarkOfKey(KeyName(1)), [1]),
        6 => _random.Next(2) == 0 ? Commit(pod, RecordKeys.MarkOfTag("a")) : Commit(pod, RecordKeys.MarkOfTag("b")),
        _ => Commit(pod, RecordKeys.MarkOfAll),
    };

    private IEnumerable<bool> Commit(ModelPod pod, string mark) =>
        _settings.OpensTags ? CommitAround(pod, mark) : Invalidate(pod, mark, KeysOf(mark));

    // If commits open tags, they do not cover key 2, because it has no tag.
    private int[] KeysOf(string mark) =>
        mark == RecordKeys.MarkOfTag("b") ? [0]
        : mark == RecordKeys.MarkOfTag("a") || _settings.OpensTags ? [0, 1]
        : [0, 1, 2];

    private IEnumerable<bool> CommitAround(ModelPod pod, string mark)
    {
        var keys = KeysOf(mark);
        var (process, demand) = (pod.Process, new Demand(DemandScope.Tags, keys, new int[keys.Length]));
        var opening = new ModelOpening([mark], demand);
        if (_settings.Defect != ModelDefect.OpensAfterCommit)
        {
            process.Open.Add(opening);
            WriteOpen(process);
            yield return true;
        }

        // The last check and the commit are one step, because the model has no clock.
        if (!_log.Has(process.Writer.OpenKey) && _settings.Defect is not ModelDefect.LooksNotBeforeCommit)
            WriteOpen(process);
        for (var i = 0; i < keys.Length; i++)
            demand.Versions[i] = ++_source[keys[i]];
        foreach (var each in _pods)
            each.Committed(demand);
        yield return true;
        if (_settings.Defect == ModelDefect.OpensAfterCommit)
        {
            process.Open.Add(opening);
            WriteOpen(process);
            yield return true;
        }

        if (_settings.Defect == ModelDefect.ClosesBeforeMarks)
        {
            Close(process, opening);
            yield return true;
        }

        process.Put(Append(pod, mark, StoredRecord.Mark, demand), _log.Generation);
        yield return true;
        if (_settings.Defect != ModelDefect.ClosesBeforeMarks)
            Close(process, opening);
    }

    private void Close(ModelProcess process, ModelOpening opening)
    {
        process.Open.RemoveAll(
            open => open == opening || (_settings.Defect == ModelDefect.CountsNot && open.Marks[0] == opening.Marks[0]));
        WriteOpen(process);
    }

    private void WriteOpen(ModelProcess process) => _log.Append(
        process.Writer.OpenKey,
        new StoredRecord(RecordKind.Open, default)
        {
            SetNumber = ++_openNumbers,
            TagMarks = [.. process.Open.SelectMany(static open => open.Marks).Distinct()],
            AsOf = _settings.Defect == ModelDefect.SaysNotWhereMarksAre ? null : process.Marks(_log),
        },
        [.. process.Open.Select(static open => open.Commit)]);

    // A pod ends the openings of dead processes that it has seen.
    private IEnumerable<IEnumerable<bool>> EndsOfTheDead(ModelPod pod)
    {
        foreach (var writer in _writers.Where(writer => _dead.Contains(writer.Name)).ToArray())
        {
            if (pod.TryGetMark(writer.OpenKey, out var open) && open.Value.TagMarks.Length > 0
                && !(pod.TryGetMark(writer.EndKey, out var end) && end.Value.SetNumber >= open.Value.SetNumber))
                yield return End(pod, writer, open.Value);
        }
    }

    private IEnumerable<bool> End(ModelPod pod, TagWriter writer, StoredRecord open)
    {
        var process = pod.Process;
        for (var turn = 0; turn < 2; turn++)
        {
            if ((turn == 0) == (_settings.Defect == ModelDefect.EndsBeforeMarks))
                WriteEnd(process, writer, open);
            else if (_settings.Defect != ModelDefect.ForgetsTheDead)
                PutMarks(pod, open);
            yield return true;
        }
    }

    private void PutMarks(ModelPod pod, StoredRecord open)
    {
        foreach (var mark in open.TagMarks)
        {
            var keys = KeysOf(mark);
            var demand = new Demand(DemandScope.Tags, keys, [.. keys.Select(key => _source[key])]);
            pod.Process.Put(Append(pod, mark, StoredRecord.Mark, demand), _log.Generation);
        }
    }

    private void WriteEnd(ModelProcess process, TagWriter writer, StoredRecord open) => _log.Append(
        writer.EndKey,
        new StoredRecord(RecordKind.OpenEnd, default)
        {
            SetNumber = open.SetNumber, AsOf = _settings.Defect == ModelDefect.SaysNotWhereMarksAre ? null : process.Marks(_log),
        });

    private IEnumerable<bool> Fill(ModelPod pod, int key)
    {
        var asOf = pod.Capture();
        var started = _now + pod.Skew;
        yield return true;
        var version = _source[key];
        yield return true;
        var entry = Entry(asOf, key, version, setNumber: 0);
        _times.Entries[entry] = (started, _now + pod.Skew);
        _log.Append(KeyName(key), entry);
    }

    private IEnumerable<bool> Invalidate(ModelPod pod, string mark, int[] keys)
    {
        foreach (var key in keys)
            _source[key]++;
        var demand = new Demand(
            mark == RecordKeys.MarkOfKey(KeyName(keys[0])) ? DemandScope.Removal : DemandScope.Tags, keys,
            [.. keys.Select(key => _source[key])]);
        yield return true;
        Append(pod, mark, StoredRecord.Mark, demand);
    }

    // The value of a set counts as read when the set is called.
    private IEnumerable<bool> Set(ModelPod pod, int key)
    {
        var asOf = pod.Capture();
        var started = _now + pod.Skew;
        var version = ++_source[key];
        var entry = Entry(asOf, key, version, ++_setNumbers);
        yield return true;
        _times.Entries[entry] = (started, _now + pod.Skew);
        _log.Append(KeyName(key), entry);
        yield return true;
        Append(
            pod, RecordKeys.MarkOfKey(KeyName(key)), new StoredRecord(RecordKind.Mark, default) { SetNumber = entry.SetNumber },
            new Demand(DemandScope.Set, [key], [version]));
    }

    private StoredRecord Entry(AsOf asOf, int key, int version, long setNumber)
    {
        var entry = new StoredRecord(RecordKind.Value, default) { AsOf = asOf, TagMarks = TagMarks[key], SetNumber = setNumber };
        _versions[entry] = version;
        return entry;
    }

    private CachePosition Append(ModelPod pod, string key, StoredRecord mark, Demand demand)
    {
        var position = _log.Append(key, mark, demand);
        _times.Marks[position] = _now + pod.Skew;
        return position;
    }
}
