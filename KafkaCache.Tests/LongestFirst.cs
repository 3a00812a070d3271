using KafkaCaching.Tests;
using KafkaCaching.Tests.AspNetCore.Status;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Histories.Live;
using KafkaCaching.Tests.Promises;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace KafkaCaching.Tests;

/// <summary>Starts the collections that take minutes first. A collection that started last would run alone at the end, while the other
/// processors are idle. The others keep their default order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Collections that mostly wait come first, because others can run at the same time.
    private static readonly string[] Longest = [
        nameof(ProxiedKafkaTests), nameof(ThreeNodesTests), typeof(LiveHistoryTests).FullName!, ChromiumTests.Name,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(RankOf)];

    // A class without a collection is its own collection, whose display name contains the name of the class.
    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(
            Longest, name => collection.TestCollectionDisplayName == name
                || collection.TestCollectionDisplayName.Contains($" {name} ", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
