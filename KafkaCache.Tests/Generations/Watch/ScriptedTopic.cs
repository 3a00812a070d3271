using KafkaCaching.Logs;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations.Watch;

/// <summary>A topic for which the test sets the brokers' responses. All partitions have the same offsets.</summary>
internal sealed class ScriptedTopic : ITopic
{
    private int _looks;
    private int _policyQuestions;

    /// <summary>The number of requests for the end of the log.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public int PolicyQuestions => Volatile.Read(ref _policyQuestions);

    public int Partitions { get; set; } = 1;

    public long End { get; set; }

    public TimeSpan DeleteRetention { get; set; } = TimeSpan.FromDays(1);

    public string Cleanup { get; set; } = "compact";

    /// <summary>The error of the request for the policy; <see langword="null"/> if it succeeds.</summary>
    public TopicProblem? PolicyProblem { get; set; }

    public Task<TopicShape> DescribeAsync() => Task.FromResult(new TopicShape("", Partitions));

    public Task<LogRange[]> ListRangesAsync(int partitions) =>
        Task.FromResult(Enumerable.Repeat(new LogRange(0, End, End), partitions).ToArray());

    public Task<LogEnd[]> ListEndsAsync(int partitions)
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult(Enumerable.Repeat(new LogEnd(End, End), partitions).ToArray());
    }

    public Task<TopicPolicy> PolicyAsync()
    {
        Interlocked.Increment(ref _policyQuestions);
        return PolicyProblem is { } problem
            ? Task.FromException<TopicPolicy>(new TopicException("No answer.", problem))
            : Task.FromResult(new TopicPolicy(Cleanup, DeleteRetention));
    }

    public void Dispose()
    {
    }
}
