using System.Globalization;
using System.Text;
using KafkaCaching.Replay.Claims;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A capture contains each state exactly once, as of the beginning of the capture, whatever changes during the capture and however
/// small the buffer is.</summary>
public sealed class CapturableTableTests
{
    private const int Keys = 12;

    [Fact]
    public void Capture_holds_the_states_of_its_moment_through_two_thousand_histories()
    {
        var seed = unchecked((int)TestSeed.Next());
        var (savedFirst, filled) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var sink = Play(new Random(seed + i), seed + i);
            savedFirst += sink.SavedFirst;
            filled += sink.TimesFull;
        }

        Assert.True(savedFirst > 1_000 && filled > 1_000, $"{savedFirst} states were saved first, the sink was full {filled} times.");
    }

    [Fact]
    public void State_that_is_not_announced_before_it_changes_is_captured_as_it_has_become()
    {
        var table = new CapturableTable<Box>();
        table.Set("a"u8, new Box { Value = 1 });
        var sink = new Sink(room: 10);
        table.BeginCapture(sink);
        table.Find("a"u8)!.Value = 2;
        Assert.True(table.Capture(slots: 10));
        Assert.Equal(2, sink.Saved["a"]); // This shows that the histories can fail.
    }

    private static Sink Play(Random random, int seed)
    {
        var table = new CapturableTable<Box>();
        for (var i = random.Next(30); i > 0; i--)
            Change(table, random);
        Sink sink;
        do
        {
            var expected = Content(table);
            sink = new Sink(room: random.Next(1, 4));
            table.BeginCapture(sink);
            while (!table.IsCaptured)
            {
                for (var i = random.Next(4); i > 0; i--)
                    Change(table, random);
                if (!table.Capture(slots: random.Next(1, 4)))
                    sink.MakeRoom();
            }

            table.EndCapture();
            Change(table, random);
            Assert.True(Text(expected) == Text(sink.Saved), $"seed {seed}: [{Text(expected)}], captured [{Text(sink.Saved)}]");
        }
        while (random.Next(3) > 0);

        return sink;
    }

    private static void Change(CapturableTable<Box> table, Random random)
    {
        var key = Key(random.Next(Keys));
        switch (random.Next(3))
        {
            case 0:
                table.Set(key, new Box { Value = random.Next() });
                break;
            case 1:
                table.Remove(key);
                break;
            default:
                table.Changing(key);
                if (table.Find(key) is { } box)
                    box.Value = random.Next();
                break;
        }
    }

    private static Dictionary<string, int> Content(CapturableTable<Box> table)
    {
        var content = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Keys; i++)
        {
            if (table.Find(Key(i)) is { } box)
                content.Add(Encoding.UTF8.GetString(table.KeyOf(Key(i))), box.Value);
        }

        Assert.Equal(table.Count, content.Count);
        return content;
    }

    private static byte[] Key(int key) => Encoding.UTF8.GetBytes(key.ToString(CultureInfo.InvariantCulture));

    private static string Text(Dictionary<string, int> content) =>
        string.Join(", ", content.OrderBy(static pair => pair.Key, StringComparer.Ordinal));

    private sealed class Box
    {
        public int Value { get; set; }
    }

    private sealed class Sink(int room) : ICaptureSink<Box>
    {
        private int _taken;

        public Dictionary<string, int> Saved { get; } = new(StringComparer.Ordinal);

        public int SavedFirst { get; private set; }

        public int TimesFull { get; private set; }

        public void MakeRoom()
        {
            _taken = 0;
            TimesFull++;
        }

        public bool TrySave(byte[] key, Box state)
        {
            if (_taken == room)
                return false;
            _taken++;
            Saved.Add(Encoding.UTF8.GetString(key), state.Value); // Throws if a key is saved twice.
            return true;
        }

        public void SaveFirst(byte[] key, Box state)
        {
            SavedFirst++;
            Saved.Add(Encoding.UTF8.GetString(key), state.Value);
        }
    }
}
