using System.Buffers;
using KafkaCaching.EntityFrameworkCore.Rows;

namespace KafkaCaching.Tests.EntityFrameworkCore.Rows;

public sealed class CellsTests
{
    private static readonly string[] Texts = ["a", "\u00E9\uD83D\uDE00", "a\uD800b"];

    // The texts are not passed as arguments, because metadata can't represent a half of a surrogate pair.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_text_is_read_as_it_was_written(int which)
    {
        var text = Texts[which];
        var cells = new ArrayBufferWriter<byte>();
        Cells.Write(cells, text);
        Cells.Write(cells, 7);
        var (at, next) = (0, 0);
        Assert.Equal(text, Cells.Read(cells.WrittenSpan, ref at));
        Cells.Skip(cells.WrittenSpan, ref next);
        Assert.Equal(at, next);
        Assert.Equal(7, Cells.Read(cells.WrittenSpan, ref next));
    }
}
