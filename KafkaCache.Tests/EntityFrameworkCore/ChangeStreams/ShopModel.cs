using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The shop's model for PostgreSQL, without a database.</summary>
internal static class ShopModel
{
    public static ShopContext Open() =>
        new(new DbContextOptionsBuilder<ShopContext>().UseNpgsql("Host=nowhere").Options);
}
