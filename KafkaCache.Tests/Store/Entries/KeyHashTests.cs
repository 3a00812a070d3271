using System.Globalization;
using System.Text;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Store.Entries;

public sealed class KeyHashTests
{
    private const int Seed = 20_261_121;
    private const int PlaceBits = 14;
    private const int Places = 1 << PlaceBits;
    private const int Keys = 4 * Places;

    private static readonly Dictionary<string, Func<int, byte[]>> Families = new(StringComparer.Ordinal)
    {
        ["numbers"] = static i => BitConverter.GetBytes((long)i),
        ["numbers, the first byte highest"] = static i => [.. BitConverter.GetBytes((long)i).Reverse()],
        ["multiples of 4096"] = static i => BitConverter.GetBytes((long)i << 12),
        ["short numbers"] = static i => BitConverter.GetBytes(i)[..3],
        ["digits"] = static i => Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)),
        ["digits behind a long prefix"] = static i => Encoding.UTF8.GetBytes($"organizations/northwind/users/{i:D12}"),
        ["digits before a long suffix"] = static i => Encoding.UTF8.GetBytes($"{i:D12}/of/the/organization/northwind"),
        ["zeros of many lengths"] = static i => new byte[i % 1024 + 1].Append((byte)(i >> 10)).ToArray(),
    };

    public static TheoryData<string> FamilyNames => [.. Families.Keys];

    // FASTER selects the bucket by the lowest bits of the hash and the tag by the highest; the instance table uses the highest bits.
    [Theory]
    [MemberData(nameof(FamilyNames))]
    public void Similar_keys_are_spread_over_the_slots_as_random_ones_are(string family)
    {
        var hashes = Enumerable.Range(0, Keys).Select(i => KeyHash.Of(Families[family](i))).ToArray();

        AssertByChance(hashes.Select(static hash => (int)(hash & (Places - 1))));
        AssertByChance(hashes.Select(static hash => (int)(hash >> (64 - PlaceBits))));
        AssertByChance(hashes.Select(static hash => (int)((hash ^ (hash >> (64 - PlaceBits))) & (Places - 1))));
    }

    [Theory]
    [MemberData(nameof(FamilyNames))]
    public void Keys_that_are_alike_have_hashes_of_their_own(string family)
    {
        var keys = Enumerable.Range(0, Keys).Select(Families[family]).ToHashSet(ByteComparer.Instance);

        Assert.Equal(keys.Count, keys.Select(static key => KeyHash.Of(key)).Distinct().Count());
    }

    [Fact]
    public void Each_bit_of_a_key_turns_each_bit_of_its_hash_every_other_time()
    {
        const int Trials = 2_000;
        var random = new Random(Seed);
        for (var length = 1; length <= 40; length++)
        {
            var turned = new int[64];
            for (var trial = 0; trial < Trials; trial++)
            {
                var key = new byte[length];
                random.NextBytes(key);
                var before = KeyHash.Of(key);
                var bit = random.Next(length * 8);
                key[bit / 8] ^= (byte)(1 << (bit % 8));
                var difference = before ^ KeyHash.Of(key);
                for (var i = 0; i < turned.Length; i++)
                    turned[i] += (int)(difference >> i) & 1;
            }

            Assert.All(turned, count => Assert.InRange(count, Trials / 2 - 150, Trials / 2 + 150)); // Six to seven standard deviations.
        }
    }

    /// <summary>Pearson's chi-squared test. For a uniform distribution, the statistic is close to the number of places, with a variance of
    /// twice that number.</summary>
    private static void AssertByChance(IEnumerable<int> places)
    {
        var counts = new int[Places];
        var all = 0;
        foreach (var place in places)
        {
            counts[place]++;
            all++;
        }

        var expected = (double)all / Places;
        var chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);

        Assert.InRange(chiSquared, Places - 6 * Math.Sqrt(2 * Places), Places + 6 * Math.Sqrt(2 * Places));
    }
}
