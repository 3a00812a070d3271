using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>A pod of the model. It applies the records of each partition in order, independently of the other partitions, and uses the
/// library's code to determine which entries are valid.</summary>
internal sealed class ModelPod : IMarks
{
    private static readonly KeyMarks Keys = new();

    private readonly ModelLog _log;
    private readonly ModelSettings _settings;
    private readonly List<TagWriter> _writers;
    private readonly EntryValidity<ModelPod> _validity;
    private readonly Dictionary<string, CacheEntry<StoredRecord>> _fold = new(StringComparer.Ordinal);
    private readonly long[] _positions;
    private readonly long[] _targets;
    private readonly HashSet<Demand> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly int[] _byTags;
    private readonly int[] _byKey;
    private int _generation;
    private TopicState _topic;

    public ModelPod(ModelLog log, ModelSettings settings, List<TagWriter> writers, int keys, int skew)
    {
        (_log, _settings, _writers, Skew) = (log, settings, writers, skew);
        _validity = new EntryValidity<ModelPod>(this, settings.Rule, Keys);
        (_positions, _targets) = (new long[log.Partitions], new long[log.Partitions]);
        (_byTags, _byKey) = (new int[keys], new int[keys]);
        _topic = new TopicState(log.Id, new long[log.Partitions], 0);
    }

    public TagWriter[] Writers => _settings.Defect == ModelDefect.ServesOpenTags ? [] : [.. _writers];

    public required ModelProcess Process { get; set; }

    /// <summary>The deviation of the pod's clock.</summary>
    public int Skew { get; }

    public bool IsReady
    {
        get
        {
            for (var i = 0; i < _positions.Length; i++)
            {
                if (_positions[i] < _targets[i])
                    return false;
            }

            return _generation == _log.Generation;
        }
    }

    /// <summary>The offset up to which the pod has read a partition, or will have read it when it is ready.</summary>
    public long Seen(int partition) =>
        _generation == _log.Generation ? Math.Max(_positions[partition], _targets[partition]) : 0;

    public AsOf Capture() => new(_topic.TopicId, [.. _positions]);

    /// <summary>Applies the next record of a partition, if there is one.</summary>
    public void Apply(int partition)
    {
        if (_generation != _log.Generation)
        {
            Restart();
            return;
        }

        if (_positions[partition] >= _log.End(partition))
            return;
        var offset = _positions[partition];
        if (_log.At(partition, offset) is { } record)
        {
            _fold[record.Key] = new CacheEntry<StoredRecord>(record.Value, partition, offset, default);
            foreach (var demand in record.Demands)
                See(demand);
        }

        _positions[partition]++;
    }

    /// <summary>Restarts the pod without any state. It then reads the compacted log.</summary>
    public void Restart()
    {
        _fold.Clear();
        Array.Clear(_positions);

        // The openings of the previous topic are written again before their commits, so they must be seen again.
        if (_generation != _log.Generation)
            _seen.Clear();
        _generation = _log.Generation;
        _topic = new TopicState(_log.Id, new long[_log.Partitions], 0);
        for (var i = 0; i < _targets.Length; i++)
            _targets[i] = _log.End(i);
    }

    /// <summary>The version of a key that the pod serves; <see langword="null"/> if it has none that is valid.</summary>
    public int? Serves(string key, Func<StoredRecord, int> versionOf) =>
        IsReady && _fold.TryGetValue(key, out var entry) && _validity.IsValid(key, entry.Value, entry.Position, _topic)
            ? versionOf(entry.Value)
            : null;

    /// <summary>Reads a key.</summary>
    /// <returns>Whether the served value is older than an invalidation that this pod has applied.</returns>
    public bool ReadsStale(string key, int index, Func<StoredRecord, int> versionOf) =>
        Serves(key, versionOf) < Math.Max(_byTags[index], _byKey[index]);

    public bool HasApplied(AsOf positions)
    {
        for (var i = 0; i < positions.Positions.Length; i++)
        {
            if (_positions[i] < positions.Positions[i])
                return false;
        }

        return true;
    }

    public bool TryGetMark(string key, out CacheEntry<StoredRecord> mark) => _fold.TryGetValue(key, out mark);

    /// <summary>Called after a commit. The pod's reads must see the commit if the pod has seen its announcement.</summary>
    public void Committed(Demand demand)
    {
        if (_seen.Contains(demand))
            Obey(demand);
    }

    private void See(Demand demand)
    {
        _seen.Add(demand);
        Obey(demand);
    }

    private void Obey(Demand demand)
    {
        for (var i = 0; i < demand.Keys.Length; i++)
        {
            var (key, version) = (demand.Keys[i], demand.Versions[i]);
            switch (demand.Scope)
            {
                case DemandScope.Tags:
                    _byTags[key] = Math.Max(_byTags[key], version);
                    break;
                case DemandScope.Removal:
                    _byKey[key] = Math.Max(_byKey[key], version);
                    break;
                default:
                    _byKey[key] = version;
                    break;
            }

            if (_settings.ForgetsOnInvalidation)
                _fold.Remove(ModelHistory.KeyName(key));
        }
    }
}

/// <summary>The settings of one run of the model.</summary>
/// <param name="Rule">The rule that decides on entries.</param>
/// <param name="ForgetsOnInvalidation">Whether pods forget entries when they apply a mark.</param>
/// <param name="CompactsAtOnce">Whether compaction may remove a record before all pods have read the later record of its key. This can't
/// happen if the topic's <c>min.compaction.lag.ms</c> exceeds the time of a replay.</param>
/// <param name="WritersDie">Whether processes may die during their operations.</param>
/// <param name="OpensTags">Whether commits open their tags first and close them afterwards.</param>
/// <param name="Defect">The defect in the handling of openings.</param>
internal sealed record ModelSettings(
    IFillRule Rule, bool ForgetsOnInvalidation = false, bool CompactsAtOnce = false, bool WritersDie = false, bool OpensTags = false,
    ModelDefect Defect = ModelDefect.None);

/// <summary>A defect, to show that the model detects it.</summary>
public enum ModelDefect
{
    None,

    /// <summary>Pods serve entries with open tags.</summary>
    ServesOpenTags,

    /// <summary>No process ends the openings of dead processes, and they count as closed after some time.</summary>
    ForgetsTheDead,

    /// <summary>Tags are closed before their marks are put.</summary>
    ClosesBeforeMarks,

    /// <summary>A process that ends the openings of a dead process writes the end before the marks.</summary>
    EndsBeforeMarks,

    /// <summary>The record that closes tags does not contain the positions of the marks.</summary>
    SaysNotWhereMarksAre,

    /// <summary>Tags are opened after the commit.</summary>
    OpensAfterCommit,

    /// <summary>Closing a tag closes it for all commits of the process.</summary>
    CountsNot,

    /// <summary>A commit does not check whether its tags are still open after the topic was recreated.</summary>
    LooksNotBeforeCommit,
}
