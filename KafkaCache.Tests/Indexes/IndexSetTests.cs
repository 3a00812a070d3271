using System.Diagnostics;
using System.Text;
using KafkaCaching.Indexes;

namespace KafkaCaching.Tests.Indexes;

public sealed class IndexSetTests
{
    // Keys of many lengths, so that rows are reused by keys of other lengths, and two keys that are longer than a chunk.
    private static readonly string[] Keys =
        [.. Enumerable.Range(0, 60).Select(static i => new string('k', i)), new('l', 1 << 20), new('m', 1 << 21)];

    [Fact]
    public void Terms_that_collide_without_a_seed_are_distinguished()
    {
        var indexes = new IndexSet([("group", false)], ordersKeys: false);
        Set(indexes, "key", ["a438680", "staff", "b4021533"]);
        Set(indexes, "key", ["c3444858", "staff", "e246692"]);
        Assert.Empty(indexes.KeysOf(0, HashOf("a438680")));
        Assert.Single(indexes.KeysOf(0, HashOf("c3444858")));
    }

    [Fact]
    public void Few_terms_and_keys_of_all_lengths_agree_with_a_dictionary()
    {
        var random = new Random((int)TestSeed.Next());
        var indexes = new IndexSet([("one", true), ("other", false)], ordersKeys: true);
        var oracle = new Dictionary<string, string[][]>(StringComparer.Ordinal);
        for (var step = 0; step < 20_000; step++)
        {
            var key = Keys[random.Next(Keys.Length)];
            indexes.Prefetch(Encoding.UTF8.GetBytes(Keys[random.Next(Keys.Length)]));
            string[][] terms = [Some(random), Some(random)];
            switch (random.Next(4))
            {
                case 0:
                    indexes.Remove(Encoding.UTF8.GetBytes(key));
                    oracle.Remove(key);
                    break;
                case 1:
                    indexes.Begin(Encoding.UTF8.GetBytes(key), HashesOf(terms));
                    indexes.RollBack();
                    break;
                default:
                    Set(indexes, key, terms);
                    oracle[key] = terms;
                    break;
            }

            if (step % 1_000 == 0)
                Agree(indexes, oracle);
        }

        Agree(indexes, oracle);
    }

    // If the time grew with the square of the number of terms, this would take minutes, and every reader would wait.
    [Fact]
    public void An_entry_with_very_many_terms_is_indexed_within_seconds()
    {
        var indexes = new IndexSet([("group", false)], ordersKeys: false);
        string[] terms = [.. Enumerable.Range(0, 200_000).Select(static i => $"{i}")];
        var started = Stopwatch.GetTimestamp();
        var definition = new MultiDefinition<string[], string>("group", static value => value);
        List<ulong>[] hashes = [[]], others = [[]], none = [[]];
        definition.AddHashes([.. terms, .. terms], hashes[0]);
        definition.AddHashes([.. terms.Select(static term => $"{term}+")], others[0]);
        Assert.Equal(terms.Length, hashes[0].Count);
        indexes.Begin("key"u8, hashes);
        indexes.Commit(hashes);
        indexes.Begin("key"u8, others);
        indexes.RollBack();
        indexes.Begin("key"u8, others);
        indexes.Commit(others);
        Assert.Empty(indexes.KeysOf(0, HashOf(terms[^1])));
        Assert.Single(indexes.KeysOf(0, HashOf($"{terms[^1]}+")));
        indexes.Begin("key"u8, none);
        indexes.Commit(none);
        Assert.Equal(0, indexes.Status()[0].Postings);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static string[] Some(Random random) => [.. new[] { "a", "b", "c" }.Where(_ => random.Next(2) == 0)];

    private static void Agree(IndexSet indexes, Dictionary<string, string[][]> oracle)
    {
        for (var index = 0; index < 2; index++)
        {
            foreach (var term in (string[])["a", "b", "c"])
            {
                Assert.Equal(
                    oracle.Where(pair => pair.Value[index].Contains(term)).Select(static pair => pair.Key).Order(StringComparer.Ordinal),
                    indexes.KeysOf(index, HashOf(term)).Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal));
            }
        }

        var keys = new List<byte[]>();
        indexes.AddKeysFrom([], isAfter: false, end: null, int.MaxValue, keys);
        Assert.Equal(oracle.Keys.Order(StringComparer.Ordinal), keys.Select(Encoding.UTF8.GetString));
    }

    private static void Set(IndexSet indexes, string key, params string[][] terms)
    {
        var hashes = HashesOf(terms);
        indexes.Begin(Encoding.UTF8.GetBytes(key), hashes);
        indexes.Commit(hashes);
    }

    private static List<ulong>[] HashesOf(string[][] terms) => [.. terms.Select(static ofIndex => ofIndex.Select(HashOf).ToList())];

    private static ulong HashOf(string term) => IndexDefinition<string, string>.HashOf(term);
}
