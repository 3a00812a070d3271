using KafkaCaching.Diagnostics;
using KafkaCaching.Logs;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Builds a generation: it queries the brokers about the topic, determines where the replay begins and ends, and opens the
/// store.</summary>
internal sealed class GenerationBuilder(ReplayParts parts, SupervisorSettings settings, CacheState state, StaleClock clock, ILogger logger)
{
    // A cache may be resolved before its host has created the topic, so a missing topic is logged only after this time. The status reports
    // it at once.
    private static readonly TimeSpan TimeToCreateTopic = TimeSpan.FromSeconds(2);

    private int _built;

    /// <summary>Queries the topic, and waits without a time limit until the brokers answer. During the wait, the status shows the
    /// reason.</summary>
    /// <exception cref="TopicException">The brokers refuse to answer.</exception>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public TopicAnswer Ask(ITopic topic, CancellationToken stopping)
    {
        var retry = settings.RetryPause;
        var began = settings.Time.GetTimestamp();
        string? said = null;
        while (true)
        {
            try
            {
                return AskOnceAsync(topic).WaitOrAbandonAsync(stopping).GetAwaiter().GetResult();
            }
            catch (TopicException problem) when (problem.Problem != TopicProblem.Refused)
            {
                state.SetReason(problem.Message);
                var isExpected = problem.Problem == TopicProblem.Missing && settings.Time.GetElapsedTime(began) < TimeToCreateTopic;
                if (said != problem.Message && !isExpected)
                    Log.TopicUnanswered(logger, said = problem.Message);
            }

            if (_built > 0)
                clock.Check();
            Retry.Wait(retry, settings.Time, stopping);
            retry = Retry.After(retry);
        }
    }

    /// <param name="answer">The brokers' answer about the topic.</param>
    /// <param name="start">Where the replay begins.</param>
    /// <param name="sameLog">The previous generation, if it replayed the same log.</param>
    /// <param name="isSecondTry">Whether the previous generation may have missed tombstones.</param>
    public Generation Build(TopicAnswer answer, StartPoint start, Generation? sameLog, bool isSecondTry)
    {
        var partitions = new PartitionProgress[answer.Ranges.Length];
        long records = 0;
        for (var i = 0; i < partitions.Length; i++)
        {
            // Readers must not see an older state. Therefore, the next generation of the same log contains at least the records that the
            // previous one has applied, even if a new leader reports a lower end.
            var reached = sameLog is not null && i < sameLog.Positions.Count ? sameLog.Positions[i].Position : 0;
            partitions[i] = start.Of(i, answer.Ranges[i], reached);
            records += answer.Ranges[i].HighWatermark - partitions[i].Start;
        }

        var instances = parts.CreateInstances();
        var (store, indexer, applier) = start.Loaded?.Entries ?? parts.CreateEntries(records);
        var generation = new Generation(
            ++_built, answer.Shape, store, instances, applier, new Positions(partitions),
            new Moment(settings.Time), isSecondTry, indexer)
        {
            OffsetsToReplay = records, StartedFrom = start.Loaded,
        };
        store.Observer = generation.Writes.IsNeeded ? generation.Writes : null;
        return generation;
    }

    private static async Task<TopicAnswer> AskOnceAsync(ITopic topic)
    {
        var shape = await topic.DescribeAsync().ConfigureAwait(false);
        return new TopicAnswer(shape, await topic.ListRangesAsync(shape.Partitions).ConfigureAwait(false));
    }

    internal sealed record TopicAnswer(TopicShape Shape, LogRange[] Ranges);
}
