using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations;

/// <summary>Where the replay of a generation begins.</summary>
internal abstract class StartPoint
{
    /// <summary>The start of the log in each partition.</summary>
    public static StartPoint LogStart { get; } = new StartOfLog();

    /// <param name="partition">The partition's number.</param>
    /// <param name="range">What the brokers have just said of it.</param>
    /// <param name="reached">What an earlier generation of the same log has applied: readers must not go back.</param>
    public abstract PartitionProgress Of(int partition, LogRange range, long reached);

    private sealed class StartOfLog : StartPoint
    {
        public override PartitionProgress Of(int partition, LogRange range, long reached) =>
            PartitionProgress.Of(partition, range, reached);
    }
}
