using Hearsay.Learning;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models.Learning;

/// <summary>The data sets that are built in, and files.</summary>
internal static class LearningDataSets
{
    private static readonly (string Name, int TrainRows)[] s_builtIn =
    [
        ("spambase", 4140), ("letter", 16_000), ("satellite", 4435), ("digits", 1437),
    ];

    /// <summary>The words that stand for built-in data.</summary>
    public static IEnumerable<string> Names => s_builtIn.Select(static set => set.Name);

    /// <summary>Loads data by its name or path; the column with the class is called label.</summary>
    /// <exception cref="LabUsageException">It cannot be read.</exception>
    public static LearningData Load(string name) => Load(name, "label");

    /// <summary>Loads data by its name or path.</summary>
    /// <exception cref="LabUsageException">It cannot be read.</exception>
    public static LearningData Load(string name, string label)
    {
        try
        {
            if (name == FashionMnist.Name)
            {
                return FashionMnist.Load();
            }

            if (!Names.Contains(name))
            {
                return string.IsNullOrWhiteSpace(name) ? throw new InvalidDataException("Name a file or built-in data.")
                    : CsvData.Load(name, label);
            }

            using var stream = typeof(LearningDataSets).Assembly.GetManifestResourceStream(name + ".csv")!;
            using var reader = new StreamReader(stream);
            return CsvData.Read(reader, label);
        }
        catch (Exception unusable) when (unusable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new LabUsageException($"--data {name}: {unusable.Message}");
        }
    }

    /// <summary>How many records train: as in the literature, or nine of ten.</summary>
    public static int TrainRows(string name, LearningData data)
    {
        var known = name == FashionMnist.Name ? FashionMnist.TrainRows
            : Array.Find(s_builtIn, set => set.Name == name).TrainRows;
        return known > 0 ? known : Math.Max(1, data.RowCount * 9 / 10);
    }

    /// <summary>Shuffles, splits, and standardises both parts by the first.</summary>
    public static LearningSplit Split(LearningData data, int trainRows, ulong seed, int split)
    {
        var raw = RawSplit(data, trainRows, seed, split);
        var standard = Standardisation.Of(raw.Train);
        return raw with { Train = standard.Apply(raw.Train), Test = standard.Apply(raw.Test) };
    }

    /// <summary>Shuffles and splits.</summary>
    public static LearningSplit RawSplit(LearningData data, int trainRows, ulong seed, int split)
    {
        var random = SeededRandom.For(seed, (ulong)split, 0, 0x5917);
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        random.Shuffle<int>(rows);
        return new LearningSplit(
            data.Subset(rows.AsSpan(0, trainRows)), data.Subset(rows.AsSpan(trainRows)),
            SeededRandom.Mix(seed ^ SeededRandom.Mix((ulong)split + 1)));
    }
}
