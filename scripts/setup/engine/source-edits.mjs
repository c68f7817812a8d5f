/**
 * What podline changes in whisper.cpp's source: work that costs processor time and changes no result. Each `find`
 * must be in the file exactly once.
 * @type {readonly { file: string, why: string, find: string, put: string }[]}
 */
export const sourceEdits = [
  {
    file: 'src/whisper.cpp',
    why: 'The words before a window are its prompt. The most probable next word was computed after each of them, and used after the last.',
    find: `
    //cur = ggml_view_2d(ctx0, cur, cur->ne[0], 1, cur->nb[1], (cur->ne[1] - 1)*cur->nb[1]);
`,
    put: `
    int first = 0;
    while (first < n_tokens - 1 && batch.logits[first] == 0) {
        first++;
    }
    cur = ggml_view_2d(ctx0, cur, cur->ne[0], n_tokens - first, cur->nb[1], first*cur->nb[1]);
`,
  },
  {
    file: 'src/whisper.cpp',
    why: 'Where the first of them now is.',
    find: 'ggml_backend_tensor_get(logits, logits_out.data() + (n_vocab*i), sizeof(float)*(n_vocab*i), sizeof(float)*n_vocab);',
    put: 'ggml_backend_tensor_get(logits, logits_out.data() + (n_vocab*i), sizeof(float)*n_vocab*(i - (n_tokens - logits->ne[1])), sizeof(float)*n_vocab);',
  },
  {
    file: 'src/whisper.cpp',
    why: 'Of the 201 weights of a mel filter 2 to 20 are not 0.',
    find: `
    // calculate FFT only when fft_in are not all zero
`,
    put: `
    std::vector<int> filter_begin(mel.n_mel, 0);
    std::vector<int> filter_end(mel.n_mel, n_fft);
    for (int j = 0; j < mel.n_mel; j++) {
        const float * weights = filters.data.data() + j * n_fft;
        while (filter_begin[j] < filter_end[j] && weights[filter_begin[j]] == 0.0f) filter_begin[j]++;
        while (filter_begin[j] < filter_end[j] && weights[filter_end[j] - 1] == 0.0f) filter_end[j]--;
    }

    // calculate FFT only when fft_in are not all zero
`,
  },
  {
    file: 'src/whisper.cpp',
    why: 'The same.',
    find: 'for (k = 0; k < n_fft - 3; k += 4) {',
    put: 'for (k = filter_begin[j]; k < filter_end[j] - 3; k += 4) {',
  },
  {
    file: 'src/whisper.cpp',
    why: 'The same.',
    find: `
            for (; k < n_fft; k++) {
                sum += fft_out[k] * filters.data[j * n_fft + k];`,
    put: `
            for (; k < filter_end[j]; k++) {
                sum += fft_out[k] * filters.data[j * n_fft + k];`,
  },
  {
    file: 'src/whisper.cpp',
    why: 'The spectrum of real numbers mirrors itself, and with the factors in a row a compiler takes many at a time. Each was looked up by a division.',
    find: `
    const int sin_cos_step = SIN_COS_N_COUNT / N;

    for (int k = 0; k < N; k++) {
        float re = 0;
        float im = 0;

        for (int n = 0; n < N; n++) {
            int idx = (k * n * sin_cos_step) % (SIN_COS_N_COUNT); // t = 2*M_PI*k*n/N
            re += in[n]*global_cache.cos_vals[idx]; // cos(t)
            im -= in[n]*global_cache.sin_vals[idx]; // sin(t)
        }

        out[k*2 + 0] = re;
        out[k*2 + 1] = im;
    }
`,
    put: `
    const int sin_cos_step = SIN_COS_N_COUNT / N;
    const int half = N/2 + 1;

    static thread_local int size = 0;
    static thread_local std::vector<float> cosines;
    static thread_local std::vector<float> sines;
    static thread_local std::vector<float> re;
    static thread_local std::vector<float> im;
    if (size != N) {
        size = N;
        cosines.resize(N*half);
        sines.resize(N*half);
        for (int n = 0; n < N; n++) {
            for (int k = 0; k < half; k++) {
                const int idx = (k * n * sin_cos_step) % (SIN_COS_N_COUNT); // t = 2*M_PI*k*n/N
                cosines[n*half + k] = global_cache.cos_vals[idx];
                sines[n*half + k] = global_cache.sin_vals[idx];
            }
        }
    }

    re.assign(half, 0.0f);
    im.assign(half, 0.0f);
    for (int n = 0; n < N; n++) {
        for (int k = 0; k < half; k++) {
            re[k] += in[n]*cosines[n*half + k];
            im[k] -= in[n]*sines[n*half + k];
        }
    }
    for (int k = 0; k < half; k++) {
        out[k*2 + 0] = re[k];
        out[k*2 + 1] = im[k];
    }
    for (int k = half; k < N; k++) {
        out[k*2 + 0] =  re[N - k];
        out[k*2 + 1] = -im[N - k];
    }
`,
  },
  {
    file: 'src/whisper.cpp',
    why: 'The loudness around each sample was summed up from its 65 neighbours anew.',
    find: `
    for (int i = 0; i < n_samples; i++) {
        float sum = 0;
        for (int j = -hw; j <= hw; j++) {
            if (i + j >= 0 && i + j < n_samples) {
                sum += fabs(signal[i + j]);
            }
        }
        result[i] = sum/(2*hw + 1);
    }
`,
    put: `
    double sum = 0;
    for (int i = 0; i < std::min(hw, n_samples); i++) {
        sum += fabs(signal[i]);
    }
    for (int i = 0; i < n_samples; i++) {
        if (i + hw < n_samples) {
            sum += fabs(signal[i + hw]);
        }
        if (i - hw - 1 >= 0) {
            sum -= fabs(signal[i - hw - 1]);
        }
        result[i] = sum/(2*hw + 1);
    }
`,
  },
];
