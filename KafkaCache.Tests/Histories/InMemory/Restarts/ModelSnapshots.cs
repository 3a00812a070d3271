using KafkaCaching.Logs;
using KafkaCaching.Snapshots;
using KafkaCaching.Store.Capture;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>The snapshot directory of a history, which is kept across restarts, and the expected content of its files.</summary>
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

    /// <summary>Blocks the thread that writes a snapshot.</summary>
    public HoldPoint Writing { get; } = new();

    /// <summary>Blocks the thread that loads a snapshot, which is served from its file meanwhile.</summary>
    public HoldPoint Loading { get; } = new();

    /// <summary>Whether the next cache serves from the file before it is loaded.</summary>
    public bool ServesFromFile { get; set; }

    /// <summary>The current file.</summary>
    public WrittenSnapshot? Current { get; private set; }

    /// <summary>The reasons to start cold according to the brokers' first response; <see langword="null"/> before it.</summary>
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
            CanServeFromFile = !rules.Resolves, MaxWrittenBytes = 1 << 20,
        };
    }

    /// <summary>Called by the replay thread when the brokers have described the log to a starting cache.</summary>
    public void Answered(ModelTopic topic, LogRange[] ranges, DateTimeOffset now) =>
        Implied = ColdReasons.Of(Current, topic, ranges, _rules, now);

    /// <summary>Called by the replay thread when a snapshot begins.</summary>
    public EntryCapture Captured(CapturedMoment moment, EntryCapture capture)
    {
        _captured = moment;
        return new HeldCapture(capture, Writing);
    }

    /// <summary>Called by the loading thread before it loads.</summary>
    /// <param name="isServed">Whether the file is served meanwhile, so that no reader waits for the load.</param>
    public void Loads(bool isServed)
    {
        if (isServed)
            Loading.Pass(0);
    }

    /// <summary>Reads the file that was written since the last call, if there is one.</summary>
    public WrittenSnapshot? TakeWritten()
    {
        if (_published is not { } moment)
            return null;
        _published = null;
        return Current = WrittenSnapshot.Read(Files.Current, moment);
    }

    public void Dispose() => _directory.Dispose();
}
