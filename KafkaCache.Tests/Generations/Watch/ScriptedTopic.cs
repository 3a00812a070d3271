using KafkaCaching.Logs;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations.Watch;

/// <summary>A topic with one partition, of which a test says what the brokers answer.</summary>
internal sealed class ScriptedTopic : ITopic
{
    private int _looks;
    private int _policyQuestions;

    /// <summary>How often the end of the log was asked for.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public int PolicyQuestions => Volatile.Read(ref _policyQuestions);

    public long End { get; set; }

    public TimeSpan DeleteRetention { get; set; } = TimeSpan.FromDays(1);

    public string Cleanup { get; set; } = "compact";

    /// <summary>What the question for the policy fails with; <see langword="null"/> when it is answered.</summary>
    public TopicProblem? PolicyProblem { get; set; }

    public Task<TopicShape> DescribeAsync() => Task.FromResult(new TopicShape("", 1));

    public Task<LogRange[]> ListRangesAsync(int partitions) => Task.FromResult<LogRange[]>([new LogRange(0, End, End)]);

    public Task<LogEnd[]> ListEndsAsync(int partitions)
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult<LogEnd[]>([new LogEnd(End, End)]);
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
