using KafkaCaching.Logs;
using KafkaCaching.Snapshots;
using KafkaCaching.Store.Capture;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The directory that outlives the caches of a history, and what the history knows about the files in it.</summary>
internal sealed class ModelSnapshots : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HistoryRules _rules;
    private CapturedMoment? _captured;
    private volatile CapturedMoment? _published;

    public ModelSnapshots(HistoryRules rules)
    {
        _rules = rules;
        Files = new HistoryFiles(_directory.Path, published: () => _published = _captured);
    }

    public HistoryFiles Files { get; }

    /// <summary>Holds up the thread that writes a snapshot.</summary>
    public HoldPoint Writing { get; } = new();

    /// <summary>Holds up the thread that loads a snapshot which is served from its file meanwhile.</summary>
    public HoldPoint Loading { get; } = new();

    /// <summary>Whether the next cache serves from the file before it is loaded.</summary>
    public bool ServesFromFile { get; set; }

    /// <summary>The file that is there now.</summary>
    public WrittenSnapshot? Current { get; private set; }

    /// <summary>The reasons to start cold that the brokers' first answer implied; <see langword="null"/> before that.</summary>
    public IReadOnlySet<ColdStartReason>? Implied { get; private set; }

    public SnapshotSettings SettingsOf(HistoryRules rules, TimeProvider time)
    {
        Implied = null;
        var options = new SnapshotOptions
        {
            WriteBytesPerSecond = long.MaxValue, ServeFromFileAbove = ServesFromFile ? 0 : long.MaxValue,
        };
        return new SnapshotSettings(Files, options, MaxBytes: 1 << 30, rules.ToString(), "history", time)
        {
            CanServeFromFile = !rules.Resolves, MostWrittenBytes = 1 << 20,
        };
    }

    /// <summary>Replay thread: the brokers have told a starting cache about the log.</summary>
    public void Answered(ModelTopic topic, LogRange[] ranges, DateTimeOffset now) =>
        Implied = ColdReasons.Of(Current, topic, ranges, _rules, now);

    /// <summary>Replay thread: a snapshot begins.</summary>
    public EntryCapture Captured(CapturedMoment moment, EntryCapture capture)
    {
        _captured = moment;
        return new HeldCapture(capture, Writing);
    }

    /// <summary>The loading thread is about to load.</summary>
    /// <param name="isServed">Whether the file is served meanwhile, so that nobody waits for the load.</param>
    public void Loads(bool isServed)
    {
        if (isServed)
            Loading.Pass(0);
    }

    /// <summary>Reads the file that was written since the last look, if there is one.</summary>
    public WrittenSnapshot? TakeWritten()
    {
        if (_published is not { } moment)
            return null;
        _published = null;
        return Current = WrittenSnapshot.Read(Files.Current, moment);
    }

    public void Dispose() => _directory.Dispose();
}
