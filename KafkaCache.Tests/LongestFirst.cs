using KafkaCaching.Tests;
using KafkaCaching.Tests.AspNetCore.Status;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Histories.Live;
using KafkaCaching.Tests.Promises;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace KafkaCaching.Tests;

/// <summary>The collections that take minutes begin first: one that began last would run alone at the end, while the other processors
/// wait. The rest have no order, so that none comes to depend on one.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Those that mostly wait come first, since others can run beside them.
    private static readonly string[] Longest = [
        nameof(ProxiedKafkaTests), nameof(ThreeNodesTests), typeof(LiveHistoryTests).FullName!, ChromiumTests.Name,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(RankOf)];

    // A class without a collection of its own is one, with the name of the class in its display name.
    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(
            Longest, name => collection.TestCollectionDisplayName == name
                || collection.TestCollectionDisplayName.Contains($" {name} ", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
