using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The shop's model as PostgreSQL has it, with no database behind.</summary>
internal static class ShopModel
{
    public static ShopContext Open() =>
        new(new DbContextOptionsBuilder<ShopContext>().UseNpgsql("Host=nowhere").Options);
}
