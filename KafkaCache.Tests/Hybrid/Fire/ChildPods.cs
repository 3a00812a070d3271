using System.Globalization;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>The pods of the second process, which runs this test of this assembly.</summary>
public sealed class ChildPods
{
    private const string ServersVariable = "KAFKACACHE_TEST_PODS_SERVERS";
    private const string TopicVariable = "KAFKACACHE_TEST_PODS_TOPIC";
    private const string SourceVariable = "KAFKACACHE_TEST_PODS_SOURCE";
    private const string OperationsVariable = "KAFKACACHE_TEST_PODS_OPERATIONS";
    private const string PaceVariable = "KAFKACACHE_TEST_PODS_PACE";
    private const string SeedVariable = "KAFKACACHE_TEST_PODS_SEED";
    private const string Counts = "counts ";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        using var source = new SharedSource(Environment.GetEnvironmentVariable(SourceVariable)!, FirePods.Keys);
        await using var pods = new FirePods(servers, Environment.GetEnvironmentVariable(TopicVariable)!, source, process: 1);
        await pods.ReadyAsync(TestContext.Current.CancellationToken);
        var counts = await pods.RunAsync(
            Number(OperationsVariable), (int)Number(SeedVariable), TimeSpan.FromMilliseconds(Number(PaceVariable)),
            TestContext.Current.CancellationToken);
        Console.WriteLine($"{Counts}{counts.ToLine()}");
    }

    /// <summary>Runs the pods in a separate process.</summary>
    internal static async Task<FireCounts> RunAsync(string servers, string topic, string source, long operations, int seed, TimeSpan pace)
    {
        using var process = ExplicitTest.Of(
            typeof(ChildPods), nameof(Run), (ServersVariable, servers), (TopicVariable, topic), (SourceVariable, source),
            (OperationsVariable, operations.ToString(CultureInfo.InvariantCulture)),
            (PaceVariable, pace.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)),
            (SeedVariable, seed.ToString(CultureInfo.InvariantCulture)));
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.ExitCodeAsync(Limit);
        var text = await output;
        var line = text.Split('\n').FirstOrDefault(static one => one.StartsWith(Counts, StringComparison.Ordinal));
        Assert.True(line is not null, $"The second process said no counts:\n{text}");
        return FireCounts.Parse(line[Counts.Length..].Trim());
    }

    private static long Number(string variable) => long.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);
}
