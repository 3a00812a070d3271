using KafkaCaching.Store.Spill;

namespace KafkaCaching.Tests.Store.Spill;

public sealed class SpillDirectoryTests
{
    // Each start deletes files that look abandoned, which includes a file that another start has created but not yet locked.
    [Fact]
    public void Caches_of_one_name_that_start_at_once_each_get_a_file()
    {
        using var directory = new TemporaryDirectory();
        var failures = new List<Exception>();
        Thread[] starts = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 400; i++)
            {
                try
                {
                    SpillDirectory.CreateFile(directory.Path, "one name").Dispose();
                }
                catch (Exception failed)
                {
                    lock (failures)
                        failures.Add(failed);
                }
            }
        }))];
        Array.ForEach(starts, static start => start.Start());
        Array.ForEach(starts, static start => start.Join());
        Assert.Empty(failures);
        Assert.Empty(directory.Files);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j")]
    [InlineData("~root $(reboot) `id` %n ${HOME}")]
    [InlineData("Ünïcödé 名前 \u202E")]
    public void The_name_of_a_cache_does_not_determine_the_folder_of_its_file(string name)
    {
        using var directory = new TemporaryDirectory();
        var below = Path.Combine(directory.Path, "spill");
        using (SpillDirectory.CreateFile(below, name))
        {
            Assert.Empty(directory.Files);
            Assert.Equal([below], Directory.GetDirectories(directory.Path));
            Assert.Matches(
                "^kafkacache-[0-9a-f]{16}-[0-9a-f]{32}\\.spill$", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(below))));
        }

        Assert.Empty(Directory.GetFileSystemEntries(below));
    }

    [Fact]
    public void Caches_of_other_names_leave_each_other_s_abandoned_files_alone()
    {
        using var directory = new TemporaryDirectory();
        string abandoned;
        using (SpillDirectory.CreateFile(directory.Path, "one"))
            abandoned = Assert.Single(directory.Files);
        File.WriteAllText(abandoned, "left by a process that was killed");
        using (SpillDirectory.CreateFile(directory.Path, "another"))
            Assert.True(File.Exists(abandoned));
        using (SpillDirectory.CreateFile(directory.Path, "one"))
            Assert.False(File.Exists(abandoned));
    }
}
