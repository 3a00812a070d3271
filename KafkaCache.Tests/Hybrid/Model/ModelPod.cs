using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>A pod of the model: it applies each partition in order and at its own pace, and asks the library's own code which entries are
/// valid.</summary>
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

    /// <summary>How far the pod's clock is from the right time.</summary>
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

    /// <summary>Up to where the pod has seen a partition, or will have seen it when it is ready.</summary>
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

    /// <summary>Starts the pod again: it knows nothing, and reads the log as compaction has left it.</summary>
    public void Restart()
    {
        _fold.Clear();
        Array.Clear(_positions);

        // An opening of another topic is written again before its commit, and is to be seen again.
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
    /// <returns>Whether the value that is served is older than an invalidation that this pod has applied.</returns>
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

    /// <summary>A commit has happened. It demands something of the pod if the pod has seen that the commit was announced.</summary>
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

/// <summary>What one run of the model checks.</summary>
/// <param name="Rule">The rule that decides on entries.</param>
/// <param name="ForgetsOnInvalidation">Whether pods forget entries when they apply a mark.</param>
/// <param name="CompactsAtOnce">Whether compaction removes a record although a pod has not yet come to the one that supersedes it. A topic
/// with a <c>min.compaction.lag.ms</c> above the time of a replay never does.</param>
/// <param name="WritersDie">Whether processes die, with whatever they have under way.</param>
/// <param name="OpensTags">Whether commits open their tags before, and close them after.</param>
/// <param name="Defect">What is wrong with that.</param>
internal sealed record ModelSettings(
    IFillRule Rule, bool ForgetsOnInvalidation = false, bool CompactsAtOnce = false, bool WritersDie = false, bool OpensTags = false,
    ModelDefect Defect = ModelDefect.None);

/// <summary>A defence that is taken away.</summary>
public enum ModelDefect
{
    None,

    /// <summary>Pods serve what has open tags.</summary>
    ServesOpenTags,

    /// <summary>Nobody ends what the dead had open, and it counts as closed after a while.</summary>
    ForgetsTheDead,

    /// <summary>Tags are closed before their marks are put.</summary>
    ClosesBeforeMarks,

    /// <summary>Those who end what the dead had open say so before they put the marks.</summary>
    EndsBeforeMarks,

    /// <summary>The record that closes tags does not say up to where marks were put.</summary>
    SaysNotWhereMarksAre,

    /// <summary>Tags are opened after the commit.</summary>
    OpensAfterCommit,

    /// <summary>To close a tag closes it for all commits of the process.</summary>
    CountsNot,

    /// <summary>A commit does not look whether its tags are still open, when the topic was made again.</summary>
    LooksNotBeforeCommit,
}
