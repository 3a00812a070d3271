using System.Globalization;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>A file that differs from what was written is refused.</summary>
public sealed class MutationTests
{
    [Fact]
    public Task Four_hundred_mutations_are_refused() => LoadAsync(mutations: 400, children: 1);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twelve_thousand_five_hundred_mutations_are_refused() => LoadAsync(mutations: 12_500, children: 5);

    // Every fifth mutation has recomputed hashes. Such a file can be accepted with other entries, but must not crash the process.
    private static async Task LoadAsync(int mutations, int children)
    {
        var seed = unchecked((int)TestSeed.Next());
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < children; i++)
        {
            await using var child = ChildProcess.Start(
                typeof(ChildMutations), nameof(ChildMutations.Run),
                (ChildMutations.SeedVariable, (seed + i).ToString(CultureInfo.InvariantCulture)),
                (ChildMutations.CountVariable, (mutations / children).ToString(CultureInfo.InvariantCulture)));
            foreach (var line in await child.LinesUntilAsync("done"))
            {
                var words = line.Split(' ');
                if (words is ["mutated" or "rehashed", var outcome, ..])
                    outcomes[$"{words[0]} {outcome}"] = outcomes.GetValueOrDefault($"{words[0]} {outcome}") + 1;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", outcomes.Select(static one => $"{one.Key}: {one.Value}")));
        Assert.Equal(mutations * 4 / 5, outcomes["mutated refused"]);
        Assert.True(outcomes["rehashed refused"] > mutations / 20);
        Assert.Equal(mutations / 5, outcomes["rehashed refused"] + outcomes.GetValueOrDefault("rehashed accepted"));
    }
}
