using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Counting reads must not keep a disposed cache or an unloaded assembly in memory.</summary>
public sealed class ReadLaneLifetimeTests
{
    [Fact]
    public void Counts_of_a_cache_that_is_gone_are_held_by_no_thread()
    {
        var counts = Counted();

        Collect(counts);

        Assert.False(counts.IsAlive);
    }

    [Fact]
    public void A_library_in_a_context_of_its_own_can_be_unloaded_after_threads_have_counted()
    {
        var context = LoadedAndCounted();

        Collect(context);

        Assert.False(context.IsAlive);
    }

    [Fact]
    public void Thousands_of_threads_one_after_another_lose_no_read_and_take_few_lanes()
    {
        const int Threads = 3_000;
        var counts = new ReadCounts();
        for (var i = 0; i < Threads; i++)
        {
            var thread = new Thread(() =>
            {
                counts.Count(hit: true);
                counts.CountRefused();
            });
            thread.UnsafeStart();
            thread.Join();
            if (i % 100 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.Equal(new ReadTotals(Threads, 0, Threads), counts.Totals);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Counted()
    {
        var counts = new ReadCounts();
        counts.Count(hit: true);
        return new WeakReference(counts);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadedAndCounted()
    {
        var context = new AssemblyLoadContext("library", isCollectible: true);
        var library = context.LoadFromAssemblyPath(typeof(ReadCounts).Assembly.Location);
        var lane = library.GetType(typeof(ReadLane).FullName!, throwOnError: true)!.GetMethod(
            nameof(ReadLane.Take), BindingFlags.Public | BindingFlags.Static)!;
        var other = new Thread(() => lane.Invoke(null, null));
        other.Start();
        other.Join();
        lane.Invoke(null, null);
        context.Unload();
        return new WeakReference(context);
    }

    private static void Collect(WeakReference gone)
    {
        for (var i = 0; gone.IsAlive && i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
