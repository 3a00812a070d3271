using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>One random history of two pods over one log and one source. Every step of a fill, an invalidation, a set and an apply is a step
/// of its own, so that any of them comes between any others.</summary>
internal sealed class ModelHistory
{
    private const int Steps = 160;
    private const int Keys = 3;
    private const int Partitions = 3;
    private const int MostUnderWay = 6;

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
    private int _now = 1_000;
    private int _setNumbers;

    private ModelHistory(ulong seed, ModelSettings settings, ModelTimes times)
    {
        _random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        (_settings, _times) = (settings, times);
        _pods = [
            new ModelPod(_log, settings, Keys, skew: 0), new ModelPod(_log, settings, Keys, skew: _random.Next(-20, 21)),
        ];
    }

    public static string KeyName(int key) => $"k{key}";

    /// <returns>The number of stale reads.</returns>
    public static int StaleReads(ulong seed, ModelSettings settings, ModelTimes? times = null) =>
        new ModelHistory(seed, settings, times ?? new ModelTimes()).Run();

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
            case < 19 when _underWay.Count < MostUnderWay && pod.IsReady:
                _underWay.Add(Operation(pod).GetEnumerator());
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
            default:
                break;
        }
    }

    private void Compact(int partition) => _log.Compact(
        partition, _settings.CompactsAtOnce ? long.MaxValue : _pods.Min(pod => pod.Seen(partition)));

    private void Continue(IEnumerator<bool> operation)
    {
        if (operation.MoveNext())
            return;
        operation.Dispose();
        _underWay.Remove(operation);
    }

    // Each yields after what a process does at once. Other steps come in between.
    private IEnumerable<bool> Operation(ModelPod pod) => _random.Next(8) switch
    {
        < 4 => Fill(pod, _random.Next(Keys)),
        4 => Set(pod, _random.Next(Keys)),
        5 => Invalidate(pod, RecordKeys.MarkOfKey(KeyName(1)), [1]),
        6 => _random.Next(2) == 0
            ? Invalidate(pod, RecordKeys.MarkOfTag("a"), [0, 1])
            : Invalidate(pod, RecordKeys.MarkOfTag("b"), [0]),
        _ => Invalidate(pod, RecordKeys.MarkOfAll, [0, 1, 2]),
    };

    private IEnumerable<bool> Fill(ModelPod pod, int key)
    {
        var asOf = pod.Capture();
        var started = _now + pod.Skew;
        yield return true;
        var version = _source[key];
        yield return true;
        var entry = Entry(asOf, key, version, setNumber: 0);
        _times.Entries[entry] = (started, _now + pod.Skew);
        _log.Append(KeyName(key), entry, demand: null);
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

    // A set says that its value is current as of its call.
    private IEnumerable<bool> Set(ModelPod pod, int key)
    {
        var asOf = pod.Capture();
        var started = _now + pod.Skew;
        var version = ++_source[key];
        var entry = Entry(asOf, key, version, ++_setNumbers);
        yield return true;
        _times.Entries[entry] = (started, _now + pod.Skew);
        _log.Append(KeyName(key), entry, demand: null);
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

    private void Append(ModelPod pod, string key, StoredRecord mark, Demand demand) =>
        _times.Marks[_log.Append(key, mark, demand)] = _now + pod.Skew;
}
