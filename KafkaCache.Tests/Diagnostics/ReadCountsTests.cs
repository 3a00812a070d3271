using KafkaCaching.Diagnostics;

namespace KafkaCaching.Tests.Diagnostics;

public sealed class ReadCountsTests
{
    [Fact]
    public void Each_result_is_counted_for_itself()
    {
        var counts = new ReadCounts();
        counts.Count(hit: true);
        counts.Count(hit: true);
        counts.Count(hit: false);
        counts.CountRefused();

        Assert.Equal(new ReadTotals(Hits: 2, Misses: 1, Refused: 1), counts.Totals);
    }

    [Fact]
    public void Many_threads_that_count_at_once_and_end_lose_nothing()
    {
        const int Rounds = 5;
        const int Threads = 16;
        const int Each = 100_000;
        ReadCounts[] two = [new(), new()];
        for (var round = 1; round <= Rounds; round++)
        {
            var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                    two[i % 2].Count(hit: i % 4 < 2);
            })).ToList();
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
            var expected = (long)round * Threads * Each / 4;
            Assert.All(two, counts => Assert.Equal(new ReadTotals(expected, expected, 0), counts.Totals));

            // Frees the numbers of ended threads, so that new threads get them.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void A_thread_that_has_ended_leaves_its_number_to_another()
    {
        var numbers = new HashSet<int>();
        for (var i = 0; i < 50; i++)
        {
            var thread = new Thread(() => numbers.Add(ReadLane.Take()));
            thread.Start();
            thread.Join();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Other tests also take numbers, and finalizers may run late.
        Assert.InRange(numbers.Count, 1, 25);
    }
}
