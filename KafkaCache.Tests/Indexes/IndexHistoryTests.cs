namespace KafkaCaching.Tests.Indexes;

/// <summary>Compares random writes to a store with indexes with a naive implementation.</summary>
public sealed class IndexHistoryTests
{
    private const int Keys = 300;

    [Fact]
    public void Indexes_say_what_a_walk_over_the_entries_says()
    {
        var random = new Random((int)TestSeed.Next());
        using var history = new IndexHistory();
        var oracle = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(Keys);
            switch (random.Next(10))
            {
                case 0 or 1:
                    history.Remove(key);
                    oracle.Remove(IndexHistory.Key(key));
                    break;
                case 2 when random.Next(4) == 0:
                    history.Quarantine(key);
                    oracle.Remove(IndexHistory.Key(key));
                    break;
                default:
                    var value = Value(step, random);
                    history.Set(key, value);
                    oracle[IndexHistory.Key(key)] = value;
                    break;
            }

            if (step % 500 == 0)
                Agree(history, oracle, random);
        }

        Agree(history, oracle, random);
    }

    [Fact]
    public void A_write_that_is_refused_leaves_the_indexes_as_they_are()
    {
        using var history = new IndexHistory();
        history.Set(1, "1 7", partition: 1, timestamp: 100);
        history.Set(1, "2 8", partition: 0, timestamp: 50);
        history.Remove(1, partition: 0, timestamp: 50);
        Assert.Single(history.Reader.Find(history.ByGroup, 7));
        Assert.Empty(history.Reader.Find(history.ByGroup, 8));
        Assert.Equal([1, 1], history.Status.Select(static index => index.Postings));
    }

    [Fact]
    public Task Look_ups_beside_a_writer_show_no_phantom_and_miss_nothing() => AskBesideWriterAsync(asks: 200_000);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Ten_million_look_ups_beside_a_writer_show_no_phantom_and_miss_nothing() => AskBesideWriterAsync(asks: 10_000_000);

    // Each key is always in the group of its own number, and temporarily in other groups.
    private static async Task AskBesideWriterAsync(int asks)
    {
        using var history = new IndexHistory();
        for (var key = 0; key < Keys; key++)
            history.Set(key, $"0 {key % IndexHistory.Groups}");
        using var stop = new CancellationTokenSource();
        var seed = (int)TestSeed.Next();
        var writing = Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed);
                for (var version = 1; !stop.IsCancellationRequested; version++)
                {
                    var key = random.Next(Keys);
                    var (second, third) = (random.Next(IndexHistory.Groups), random.Next(IndexHistory.Groups));
                    history.Set(key, $"{version} {key % IndexHistory.Groups} {second} {third}");
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var asking = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < asks; i++)
                {
                    var group = i % IndexHistory.Groups;
                    var found = history.Reader.Find(history.ByGroup, group)
                        .ToDictionary(static pair => pair.Key, static pair => pair.Value.Value);
                    for (var key = group; key < Keys; key += IndexHistory.Groups)
                        Assert.True(found.ContainsKey(IndexHistory.Key(key)), "An entry that has the term throughout is missing.");
                    Assert.All(found.Values, value => Assert.Contains($"{group}", GroupsOf(value)));
                    if (i % 100 == 0)
                        Assert.Equal(Keys, history.Reader.ScanPrefix("key/").Count());
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await asking;
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    private static string Value(int version, Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(IndexHistory.Groups)).Prepend(version % 1_000));

    private static IEnumerable<string> GroupsOf(string value) => value.Split(' ').Skip(1);

    private static void Agree(IndexHistory history, Dictionary<string, string> oracle, Random random)
    {
        for (var group = 0; group < IndexHistory.Groups; group++)
        {
            Assert.Equal(
                oracle.Where(pair => GroupsOf(pair.Value).Contains($"{group}")).Select(static pair => pair.Key)
                    .Order(StringComparer.Ordinal),
                history.Reader.Find(history.ByGroup, group).Select(static pair => pair.Key).Order(StringComparer.Ordinal));
        }

        var version = $"{random.Next(1_000)}";
        Assert.Equal(
            oracle.Where(pair => pair.Value.Split(' ')[0] == version).Select(static pair => pair.Key).Order(StringComparer.Ordinal),
            history.Reader.Find(history.ByVersion, version).Select(static pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(oracle.Keys.Order(StringComparer.Ordinal), history.Reader.ScanPrefix("key/").Select(static pair => pair.Key));
        Assert.Equal(oracle.Values.Select(static value => value.Split(' ')[0]).Distinct().Count(), history.Status[1].Terms);
        Assert.Equal(oracle.Count, history.Status[1].Postings);
        Assert.Equal(oracle.Values.Sum(static value => GroupsOf(value).Distinct().Count()), history.Status[0].Postings);
    }
}
