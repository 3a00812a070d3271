using KafkaCaching.Hosting.Configuration;

namespace KafkaCaching.Tests.Hosting.Configuration;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("536870912", 536_870_912)]
    [InlineData("512 MiB", 512L << 20)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("512 mib", 512L << 20)]
    [InlineData("512 MIB", 512L << 20)]
    [InlineData("64 KiB", 64L << 10)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1 TiB", 1L << 40)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("100 B", 100)]
    [InlineData("3 kB", 3_000)]
    [InlineData("3 KB", 3_000)]
    [InlineData("3 MB", 3_000_000)]
    [InlineData("3 GB", 3_000_000_000)]
    [InlineData("3 TB", 3_000_000_000_000)]
    [InlineData("0.5 kB", 500)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes_are_read_in_bytes(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("lots")]
    [InlineData("512 Mi")]
    [InlineData("512M")]
    [InlineData("512 MiBs")]
    [InlineData("5 12 MiB")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("1,5 GiB")]
    [InlineData("1.5")]
    [InlineData("0.3 KiB")]
    [InlineData("9223372036854775808")]
    [InlineData("9 000 000 TiB")]
    [InlineData("9999999999999999999999999999999999999 B")]
    [InlineData("8388608 TiB")]
    public void What_is_no_whole_number_of_bytes_is_none(string text) => Assert.Null(ByteSize.Parse(text));
}
