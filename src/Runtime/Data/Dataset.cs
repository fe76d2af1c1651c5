namespace Backprop;

/// <summary>Samples: the inputs and targets of each, row-major. A data set does not change; what changes it gives a new one.</summary>
public sealed class Dataset
{
    private readonly float[] _inputs;
    private readonly float[] _targets;

    /// <summary>A data set over arrays that it keeps, without a copy.</summary>
    /// <param name="inputs">[count, inputSize].</param>
    /// <param name="targets">[count, outputSize]; one-hot where they stand for classes.</param>
    /// <param name="inputSize">The number of inputs of one sample.</param>
    /// <param name="outputSize">The number of targets of one sample.</param>
    /// <param name="classNames">What to call each output, where outputs stand for classes.</param>
    /// <exception cref="ArgumentException">The sizes do not go together, or there is no sample.</exception>
    public Dataset(float[] inputs, float[] targets, int inputSize, int outputSize, IReadOnlyList<string>? classNames = null)
        : this(inputs, targets, inputSize, outputSize, classNames, null)
    {
    }

    private Dataset(float[] inputs, float[] targets, int inputSize, int outputSize, IReadOnlyList<string>? classNames, Scaling? scaling)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputSize, 1);
        if (inputs.Length == 0 || inputs.Length % inputSize != 0)
            throw new ArgumentException($"Expected at least one sample of {inputSize} inputs, and whole ones only; {inputs.Length} values were given", nameof(inputs));
        Count = inputs.Length / inputSize;
        if (targets.Length != (long)Count * outputSize)
            throw new ArgumentException($"Expected {(long)Count * outputSize} targets, {outputSize} for each of {Count} samples; {targets.Length} were given", nameof(targets));
        if (classNames is not null && classNames.Count != outputSize)
            throw new ArgumentException($"Expected {outputSize} names, one for each output; {classNames.Count} were given", nameof(classNames));
        (_inputs, _targets, InputSize, OutputSize, Scaling) = (inputs, targets, inputSize, outputSize, scaling);
        ClassNames = classNames is null ? null : [.. classNames];
    }

    /// <summary>The number of samples; at least 1.</summary>
    public int Count { get; }

    /// <summary>The number of inputs of one sample.</summary>
    public int InputSize { get; }

    /// <summary>The number of targets of one sample.</summary>
    public int OutputSize { get; }

    /// <summary>What each output is called, or null where outputs do not stand for classes.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The scaling that the inputs have been through, or null. New samples need the same before a network sees them.</summary>
    public Scaling? Scaling { get; }

    /// <summary>All inputs, [<see cref="Count"/>, <see cref="InputSize"/>].</summary>
    public ReadOnlySpan<float> Inputs => _inputs;

    /// <summary>All targets, [<see cref="Count"/>, <see cref="OutputSize"/>].</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>Reads samples from a CSV file.</summary>
    /// <param name="path">The file; UTF-8 unless a byte order mark says otherwise.</param>
    /// <param name="options">How to read it; the defaults of <see cref="CsvOptions"/> where null.</param>
    /// <exception cref="DataFormatException">The file does not hold samples as the options describe them; the message names line and column.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Dataset FromCsv(string path, CsvOptions? options = null)
    {
        using var reader = new StreamReader(path);
        return FromCsv(reader, options, Path.GetFileName(path));
    }

    /// <summary>Reads samples from CSV text.</summary>
    /// <param name="text">The text; left open.</param>
    /// <param name="options">How to read it; the defaults of <see cref="CsvOptions"/> where null.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="DataFormatException">The text does not hold samples as the options describe them; the message names line and column.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static Dataset FromCsv(TextReader text, CsvOptions? options = null, string name = "CSV text")
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= new CsvOptions();
        options.Validate();
        return CsvReader.Read(text, options, name);
    }

    /// <summary>Reads samples from CSV text in UTF-8.</summary>
    /// <param name="stream">The text; left open.</param>
    /// <param name="options">How to read it; the defaults of <see cref="CsvOptions"/> where null.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="DataFormatException">The text does not hold samples as the options describe them; the message names line and column.</exception>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static Dataset FromCsv(Stream stream, CsvOptions? options = null, string name = "CSV text")
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return FromCsv(reader, options, name);
    }

    /// <summary>Reads images and their labels from IDX files, the format of the MNIST database, plain or gzip. Pixels are 0 to 255.</summary>
    /// <param name="imagesPath">The images' file.</param>
    /// <param name="labelsPath">The labels' file.</param>
    /// <param name="classes">The number of classes; labels are 0 to classes − 1.</param>
    /// <exception cref="DataFormatException">A file does not hold what it should; the message names it, what was expected and what was found.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Dataset FromIdx(string imagesPath, string labelsPath, int classes = 10)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagesPath);
        ArgumentException.ThrowIfNullOrEmpty(labelsPath);
        using FileStream images = File.OpenRead(imagesPath), labels = File.OpenRead(labelsPath);
        return FromIdx(images, labels, classes, Path.GetFileName(imagesPath), Path.GetFileName(labelsPath));
    }

    /// <summary>Reads images and their labels from IDX data, the format of the MNIST database, plain or gzip. Pixels are 0 to 255.</summary>
    /// <param name="images">The images; left open.</param>
    /// <param name="labels">The labels; left open.</param>
    /// <param name="classes">The number of classes; labels are 0 to classes − 1.</param>
    /// <param name="imagesName">What to call the images in errors.</param>
    /// <param name="labelsName">What to call the labels in errors.</param>
    /// <exception cref="DataFormatException">A stream does not hold what it should; the message names it, what was expected and what was found.</exception>
    public static Dataset FromIdx(Stream images, Stream labels, int classes = 10, string imagesName = "images", string labelsName = "labels")
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        return IdxReader.Read(images, imagesName, labels, labelsName, classes);
    }

    /// <summary>The inputs of one sample; [<see cref="InputSize"/>].</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> InputsOf(int sample) => _inputs.AsSpan(Existing(sample) * InputSize, InputSize);

    /// <summary>The targets of one sample; [<see cref="OutputSize"/>].</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> TargetsOf(int sample) => _targets.AsSpan(Existing(sample) * OutputSize, OutputSize);

    /// <summary>The class of one sample: the place of its largest target.</summary>
    /// <param name="sample">The sample, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public int ClassOf(int sample) => ArgMax.Of(TargetsOf(sample));

    /// <summary>The data set of some of the samples, in the order given.</summary>
    /// <param name="samples">The samples, from 0; one may be named more than once.</param>
    /// <exception cref="ArgumentException">No sample is named, or one that there is not.</exception>
    public Dataset Select(ReadOnlySpan<int> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("Expected at least one sample; none was given", nameof(samples));
        foreach (int sample in samples)
        {
            if ((uint)sample >= (uint)Count)
                throw new ArgumentException($"Expected samples from 0 to {Count - 1}; {sample} was given", nameof(samples));
        }
        var inputs = new float[checked(samples.Length * InputSize)];
        var targets = new float[checked(samples.Length * OutputSize)];
        Gathering.Gather(_inputs, InputSize, samples, inputs);
        Gathering.Gather(_targets, OutputSize, samples, targets);
        return new Dataset(inputs, targets, InputSize, OutputSize, ClassNames, Scaling);
    }

    /// <summary>The data set with its inputs scaled, and the scaling kept with it.</summary>
    /// <param name="scaling">The scaling, fitted on the training set.</param>
    /// <exception cref="ArgumentException">The scaling is for another number of inputs.</exception>
    /// <exception cref="InvalidOperationException">The data set has been scaled already.</exception>
    public Dataset Scale(Scaling scaling)
    {
        ArgumentNullException.ThrowIfNull(scaling);
        if (scaling.InputSize != InputSize)
            throw new ArgumentException($"Expected a scaling of {InputSize} inputs; one of {scaling.InputSize} was given", nameof(scaling));
        if (Scaling is not null)
            throw new InvalidOperationException("The data set has been scaled already; scale the one that it was made from");
        float[] inputs = [.. _inputs];
        scaling.Apply(inputs);
        return new Dataset(inputs, _targets, InputSize, OutputSize, ClassNames, scaling);
    }

    /// <summary>Splits the samples at random into a training set and a test set. The same seed gives the same split.</summary>
    /// <param name="testFraction">The share of the test set, between 0 and 1; both sets get at least one sample.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stratified">Whether each class has its share, to within one sample, in both sets.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">There is only one sample.</exception>
    public (Dataset Train, Dataset Test) Split(double testFraction, int seed, bool stratified = false)
    {
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "Expected a fraction between 0 and 1, both excluded");
        if (Count < 2)
            throw new InvalidOperationException("A data set of one sample cannot be split");
        int testCount = Math.Clamp((int)Math.Round(Count * testFraction), 1, Count - 1);

        int[] order = Shuffling.Permutation(Count, new RandomSource(seed));
        // Every Count/testCount-th sample of a row that is sorted by class is an even share of each class; the sort is stable,
        // so which samples of a class they are stays random.
        int[] row = stratified ? [.. order.OrderBy(ClassOf)] : order;
        var inTest = new bool[Count];
        for (long i = 0; i < Count; i++)
            inTest[row[i]] = (i + 1) * testCount / Count > i * testCount / Count;
        return (Select(Array.FindAll(order, sample => !inTest[sample])), Select(Array.FindAll(order, sample => inTest[sample])));
    }

    /// <summary>The sample, where there is one of that number: its place among all values may overflow, and be one of another's.</summary>
    private int Existing(int sample) => (uint)sample < (uint)Count
        ? sample
        : throw new ArgumentOutOfRangeException(nameof(sample), sample, $"Expected a sample from 0 to {Count - 1}");
}
