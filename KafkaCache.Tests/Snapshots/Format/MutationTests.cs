using System.Globalization;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>A file that is not exactly what was written is refused, whatever has happened to it.</summary>
public sealed class MutationTests
{
    [Fact]
    public Task Four_hundred_mutations_are_refused() => LoadAsync(mutations: 400, children: 1);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twelve_thousand_five_hundred_mutations_are_refused() => LoadAsync(mutations: 12_500, children: 5);

    // Each fifth is one whose hashes were made right again: it is refused, or is a snapshot of other entries, but it does no harm.
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
